"""Static files with the hash of their content in their names."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # not typed
    """Rewrites the imports of ES modules too, so that a module never meets an older neighbour."""

    support_js_module_import_aggregation = True


class WholeFiles(WhiteNoiseMiddleware):  # type: ignore[misc] # as above
    """Serves each file in one piece: they are small, and a synchronous stream would be read whole
    by the asynchronous server anyway, with a warning for each."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        response = HttpResponse(content, status=int(found.status))
        for name, value in found.headers:
            response[name] = value
        return response
