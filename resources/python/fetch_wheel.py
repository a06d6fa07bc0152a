"""Fetches one pinned wheel from a Python package index and unpacks it. Standard library only, Python 3.8 or newer,
and one file: it runs by itself, before anything is installed.

    fetch_wheel.py fetch PROJECT FILENAME SHA256 DIRECTORY   download, verify, unpack into the empty DIRECTORY
    fetch_wheel.py settings                                  print the index settings found, as JSON

Index, proxy and certificate settings are those that pip and uv read: UV_DEFAULT_INDEX, UV_INDEX, UV_INDEX_URL,
UV_EXTRA_INDEX_URL, PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, PIP_PROXY, PIP_CERT, PIP_TRUSTED_HOST, pip.conf, netrc, the
usual *_proxy variables, SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE and NODE_EXTRA_CA_CERTS.

`fetch` prints `{"file": ..., "bytes": ...}` and exits 0, or prints `{"error": KIND, "message": ...}` and exits 1, where
KIND is `network` (no answer), `refused` (the index said no), `missing` (not on the index), `hash`, `disk` or `other`.
Messages never hold credentials.
"""

import base64
import configparser
import errno
import hashlib
import html.parser
import http.client
import json
import netrc
import os
import shutil
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile

DEFAULT_INDEX = "https://pypi.org/simple"
JSON_TYPE = "application/vnd.pypi.simple.v1+json"
ACCEPT = JSON_TYPE + ", application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
ATTEMPTS = 3


class FetchError(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


def pip_config_files(environ):
    """pip's configuration files, weakest first, as `pip config debug` lists them."""
    if environ.get("PIP_CONFIG_FILE") == os.devnull:
        return []
    home = os.path.expanduser("~")
    config_home = environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    files = []
    for directory in (environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"):
        files.append(os.path.join(directory, "pip", "pip.conf"))
    if sys.platform == "darwin":
        files.append("/Library/Application Support/pip/pip.conf")
    files.append("/etc/pip.conf")
    files.append(os.path.join(home, ".pip", "pip.conf"))
    if sys.platform == "darwin":
        files.append(os.path.join(home, "Library", "Application Support", "pip", "pip.conf"))
    files.append(os.path.join(config_home, "pip", "pip.conf"))
    if environ.get("PIP_CONFIG_FILE"):
        files.append(environ["PIP_CONFIG_FILE"])
    return files


def pip_settings(environ):
    """pip's settings by name with dashes; environment over `[install]` over `[global]`."""
    settings = {}
    parser = configparser.RawConfigParser()
    for path in pip_config_files(environ):
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, OSError, UnicodeDecodeError):
            continue
    for section in ("global", "install"):
        if parser.has_section(section):
            settings.update({name.replace("_", "-"): value for name, value in parser.items(section)})
    for name in ("index-url", "extra-index-url", "proxy", "cert", "trusted-host"):
        value = environ.get("PIP_" + name.upper().replace("-", "_"))
        if value:
            settings[name] = value
    return settings


def find_settings(environ):
    """Indexes in the order they are asked, proxy, certificate files and hosts whose certificate is not checked."""
    pip = pip_settings(environ)
    default = (
        environ.get("UV_DEFAULT_INDEX")
        or environ.get("UV_INDEX_URL")
        or pip.get("index-url")
        or DEFAULT_INDEX
    )
    extra = []
    for value in (environ.get("UV_INDEX"), environ.get("UV_EXTRA_INDEX_URL"), pip.get("extra-index-url")):
        extra.extend((value or "").split())
    bundles = [
        value
        for value in (
            pip.get("cert"),
            environ.get("REQUESTS_CA_BUNDLE"),
            environ.get("CURL_CA_BUNDLE"),
            environ.get("NODE_EXTRA_CA_CERTS"),
        )
        if value and os.path.exists(value)
    ]
    return {
        "index": without_name(default),
        "extra": [without_name(url) for url in extra],
        "proxy": pip.get("proxy"),
        "bundles": list(dict.fromkeys(bundles)),
        "trusted": (pip.get("trusted-host") or "").split(),
    }


def without_name(index):
    """uv also accepts `name=https://...`."""
    name, separator, url = index.partition("=")
    return url if separator and "://" not in name else index


def plain(url):
    """The address without user, password, query and fragment: fit to be shown."""
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    if parts.port:
        host += ":%d" % parts.port
    return urllib.parse.urlunsplit((parts.scheme, host, parts.path, "", ""))


def tls_context(settings, host):
    context = ssl.create_default_context()
    if context.cert_store_stats()["x509_ca"] == 0 and os.path.exists("/etc/ssl/cert.pem"):
        context.load_verify_locations("/etc/ssl/cert.pem")
    for bundle in settings["bundles"]:
        try:
            if os.path.isdir(bundle):
                context.load_verify_locations(capath=bundle)
            else:
                context.load_verify_locations(cafile=bundle)
        except (OSError, ssl.SSLError):
            continue
    if host in [entry.split(":")[0] for entry in settings["trusted"]]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def credentials(url, known):
    """Basic credentials for a URL: its own, those of an index on the same host, or netrc's."""
    parts = urllib.parse.urlsplit(url)
    if parts.username is not None:
        return urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or "")
    for index in known:
        other = urllib.parse.urlsplit(index)
        if other.username is not None and (other.hostname, other.port) == (parts.hostname, parts.port):
            return urllib.parse.unquote(other.username), urllib.parse.unquote(other.password or "")
    try:
        entry = netrc.netrc(os.environ.get("NETRC")).authenticators(parts.hostname or "")
    except (OSError, netrc.NetrcParseError):
        entry = None
    return (entry[0] or "", entry[2] or "") if entry else None


def open_url(url, settings, accept):
    parts = urllib.parse.urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2]
    request = urllib.request.Request(urllib.parse.urlunsplit(parts._replace(netloc=netloc, fragment="")))
    request.add_header("Accept", accept)
    request.add_header("User-Agent", "bulkhead")
    login = credentials(url, [settings["index"]] + settings["extra"])
    if login is not None:
        token = base64.b64encode(("%s:%s" % login).encode("utf-8")).decode("ascii")
        request.add_unredirected_header("Authorization", "Basic " + token)
    handlers = [urllib.request.HTTPSHandler(context=tls_context(settings, parts.hostname or ""))]
    if settings["proxy"]:
        handlers.append(urllib.request.ProxyHandler({"http": settings["proxy"], "https": settings["proxy"]}))
    return urllib.request.build_opener(*handlers).open(request, timeout=60)


def attempt(url, work):
    """Runs `work` up to three times; what a second try cannot change is raised at once."""
    for number in range(1, ATTEMPTS + 1):
        try:
            return work()
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                raise FetchError("missing", "%s answers %d" % (plain(url), error.code))
            if error.code < 500 and error.code not in (408, 429):
                raise FetchError("refused", "%s answers %d" % (plain(url), error.code))
            failure = FetchError("refused", "%s answers %d" % (plain(url), error.code))
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError, ssl.SSLError) as error:
            reason = getattr(error, "reason", None) or error
            failure = FetchError("network", "%s: %s" % (plain(url), reason))
            if isinstance(reason, ssl.SSLCertVerificationError):
                raise failure
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            failure = FetchError("network", "%s: %s" % (plain(url), error))
        if number == ATTEMPTS:
            raise failure
        time.sleep(number)


class LinkParser(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links = []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if tag == "a" and name == "href" and value:
                self.links.append(value)


def find_file(index, project, filename, settings):
    """The address of `filename` on one index."""
    page = index.rstrip("/") + "/" + project + "/"

    def read():
        with open_url(page, settings, ACCEPT) as response:
            return response.geturl(), response.headers.get("Content-Type") or "", response.read()

    base, content_type, body = attempt(page, read)
    if content_type.split(";")[0].strip() == JSON_TYPE:
        links = [entry["url"] for entry in json.loads(body.decode("utf-8")).get("files", [])]
    else:
        parser = LinkParser()
        parser.feed(body.decode("utf-8", "replace"))
        links = parser.links
    for link in links:
        url = urllib.parse.urljoin(base, link)
        if urllib.parse.unquote(urllib.parse.urlsplit(url).path).rpartition("/")[2] == filename:
            return url
    raise FetchError("missing", "%s does not list %s" % (plain(page), filename))


def download(url, sha256, target, settings):
    def read():
        digest = hashlib.sha256()
        with open_url(url, settings, "*/*") as response, open(target, "wb") as output:
            expected = response.headers.get("Content-Length")
            size = 0
            for chunk in iter(lambda: response.read(1 << 18), b""):
                digest.update(chunk)
                size += len(chunk)
                output.write(chunk)
        if expected is not None and expected.isdigit() and size < int(expected):
            raise ConnectionError("the connection ended after %d of %s bytes" % (size, expected))
        return digest.hexdigest(), size

    found, size = attempt(url, read)
    if found != sha256:
        raise FetchError("hash", "%s has SHA-256 %s, expected %s" % (plain(url), found, sha256))
    return size


def unpack(wheel, directory):
    """Unpacks with the archive's execute bits, readable by everybody whatever the umask is."""
    root = os.path.realpath(directory)
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = os.path.join(root, entry.filename)
            if os.path.commonpath([root, os.path.normpath(path)]) != root:
                raise FetchError("other", "the wheel holds a path outside its directory: %s" % entry.filename)
            if entry.is_dir():
                os.makedirs(path, exist_ok=True)
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(entry) as source, open(path, "wb") as output:
                shutil.copyfileobj(source, output, 1 << 20)
            os.chmod(path, 0o755 if (entry.external_attr >> 16) & 0o111 else 0o644)
    for parent, _, _ in os.walk(root):
        os.chmod(parent, 0o755)


def fetch(project, filename, sha256, directory):
    settings = find_settings(os.environ)
    failures = []
    for index in dict.fromkeys([settings["index"]] + settings["extra"]):
        try:
            url = find_file(index, project, filename, settings)
            handle, wheel = tempfile.mkstemp(suffix=".whl", prefix=".", dir=directory)
            os.close(handle)
            try:
                size = download(url, sha256, wheel, settings)
                unpack(wheel, directory)
            finally:
                os.unlink(wheel)
            return {"file": filename, "bytes": size}
        except FetchError as error:
            failures.append(error)
    # An index that could not be asked says more than one that does not know the project.
    rank = {"hash": 0, "other": 1, "refused": 2, "network": 3, "missing": 4}
    raise min(failures, key=lambda error: rank[error.kind])


def main(arguments):
    if arguments == ["settings"]:
        print(json.dumps(find_settings(os.environ)))
        return 0
    if len(arguments) != 5 or arguments[0] != "fetch":
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(json.dumps(fetch(*arguments[1:])))
        return 0
    except FetchError as error:
        print(json.dumps({"error": error.kind, "message": str(error)}))
    except OSError as error:
        kind = "disk" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "other"
        print(json.dumps({"error": kind, "message": "%s: %s" % (error.filename or arguments[4], error.strerror)}))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
