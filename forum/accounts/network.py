"""Where a request comes from, as coarsely as rate limits need it, and never readable."""

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest

PREFIX = {4: 24, 6: 48}


def prefix_of(request: HttpRequest) -> str:
    """A keyed digest of the network (/24 or /48) of a request; the address is kept nowhere."""
    return prefix_digest(request.META.get("REMOTE_ADDR") or "")


def prefix_digest(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        network = "unknown"
    else:
        network = str(ipaddress.ip_network((parsed, PREFIX[parsed.version]), strict=False))
    key = settings.PREFIX_KEY.encode()
    return hmac.new(key, network.encode(), hashlib.sha256).hexdigest()[:24]
