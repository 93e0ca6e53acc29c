"""Static files with the hash of their content in their names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # not typed
    """Rewrites the imports of ES modules too, so that a module never meets an older neighbour."""

    support_js_module_import_aggregation = True
