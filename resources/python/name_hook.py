"""Makes a unit see the project's names and ports as its container would.

Run at interpreter start by ``bulkhead.pth`` when BULKHEAD_HOOK names this file. BULKHEAD_NAMES names a JSON file:

    {"hostname": "airflow-scheduler",
     "own": {"8080": 18080},
     "names": {"postgres": {"5432": 41234}, "mlflow": {"5000": 5000}}}

``names`` maps a name and container port to a port on 127.0.0.1; ``own`` does the same for localhost. Patched, each when
it is first imported: socket.getaddrinfo, gethostbyname, gethostname, getfqdn, a socket's own connect to a name;
psycopg2.connect; psycopg's connect; anyio.connect_tcp (asynchronous httpx), which takes the address getaddrinfo gives
but keeps the port it asked for.
libpq, uvloop and gRPC resolve names themselves: connection strings are rewritten before they get here, and uvloop is
hidden so that asyncio's own loop, which asks getaddrinfo, is used. Works on Python 3.8 to 3.14.

With BULKHEAD_QUICK_START the garbage collector looks less often while a program imports what it runs on.
"""

import gc
import importlib.abc
import importlib.machinery
import json
import os
import sys

LOOPBACK = "127.0.0.1"
LOCAL = {"localhost", "127.0.0.1", "::1"}
# A known name without that port: in a container the connection is refused. Nothing listens on tcpmux.
CLOSED_PORT = 1
HIDDEN = {"uvloop"}
QUICK_START_THRESHOLD = 10_000


def _load():
    try:
        with open(os.environ["BULKHEAD_NAMES"], encoding="utf-8") as file:
            return json.load(file)
    except (KeyError, OSError, ValueError):
        return None


def _make_mapper(table):
    own = {int(port): mapped for port, mapped in table["own"].items()}
    names = {
        name: {int(port): mapped for port, mapped in ports.items()}
        for name, ports in table["names"].items()
    }

    def map_address(host, port):
        """(host, port) as the container means it -> (host, port) on this machine; unknown ones come back as they are."""
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("ascii", "replace")
        if not isinstance(host, str):
            return host, port
        try:
            number = None if port in (None, "") else int(port)
        except (TypeError, ValueError):
            return host, port
        name = host.lower().rstrip(".")
        if name in names:
            if not number:
                return LOOPBACK, port
            return LOOPBACK, type(port)(names[name].get(number, CLOSED_PORT))
        if name in LOCAL and number in own:
            return LOOPBACK, type(port)(own[number])
        return host, port

    return map_address


def _patch_socket(socket, map_address, hostname):
    original = socket.getaddrinfo
    by_name = socket.gethostbyname

    def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
        if flags & socket.AI_PASSIVE:
            return original(host, port, family, type, proto, flags)
        mapped = map_address(host, port)
        if mapped[0] == host:
            return original(host, mapped[1], family, type, proto, flags)
        family = socket.AF_INET if family == socket.AF_INET6 else family
        found = original(*mapped, family, type, proto, flags)
        # Airflow takes the canonical name for its own: others ask this host for the logs of its tasks.
        name = os.fsdecode(host)
        return [(*entry[:3], name if entry[3] else "", entry[4]) for entry in found]

    def gethostbyname(host):
        return by_name(map_address(host, None)[0])

    def getfqdn(name=""):
        name = name.strip()
        return hostname if name in ("", "0.0.0.0", "::", hostname) else original_fqdn(name)

    def gethostname():
        return hostname

    original_fqdn = socket.getfqdn
    for function in (getaddrinfo, gethostbyname, getfqdn, gethostname):
        # Pickled by name, as the originals are: spawned workers receive them.
        function.__module__, function.__qualname__ = "socket", function.__name__
        setattr(socket, function.__name__, function)
    _patch_socket_class(socket.socket, map_address)


def _patch_socket_class(socket_class, map_address):
    def named(address):
        """Names only: a numeric address has been mapped by getaddrinfo already."""
        if not isinstance(address, tuple) or len(address) < 2 or address[0] in ("127.0.0.1", "::1"):
            return address
        mapped = map_address(address[0], address[1])
        return address if mapped[0] == address[0] else mapped

    connect, connect_ex = socket_class.connect, socket_class.connect_ex
    socket_class.connect = lambda self, address: connect(self, named(address))
    socket_class.connect_ex = lambda self, address: connect_ex(self, named(address))


def _patch_anyio(anyio, map_address):
    original = anyio.connect_tcp

    def connect_tcp(remote_host, remote_port, **kwargs):
        host, port = map_address(remote_host, remote_port)
        if host != remote_host and (kwargs.get("tls") or kwargs.get("ssl_context")):
            # The certificate is the name's.
            kwargs.setdefault("tls_hostname", remote_host)
        return original(host, port, **kwargs)

    anyio.connect_tcp = connect_tcp


def _map_parameters(parameters, map_address):
    """libpq parameters with host and port lists (`a,b`) mapped pairwise."""
    hosts = str(parameters.get("host") or "").split(",")
    if hosts == [""] or parameters.get("hostaddr"):
        return parameters
    ports = str(parameters.get("port") or "5432").split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    pairs = [map_address(host, port) for host, port in zip(hosts, ports)]
    return {
        **parameters,
        "host": ",".join(pair[0] for pair in pairs),
        "port": ",".join(str(pair[1]) for pair in pairs),
    }


def _patch_psycopg2(psycopg2, map_address):
    original = psycopg2.connect

    def connect(dsn=None, connection_factory=None, cursor_factory=None, **kwargs):
        from psycopg2.extensions import parse_dsn

        own = {key: kwargs.pop(key) for key in ("async", "async_") if key in kwargs}
        parameters = parse_dsn(dsn) if dsn else {}
        parameters.update({key: value for key, value in kwargs.items() if value is not None})
        if "database" in parameters:
            parameters.setdefault("dbname", parameters.pop("database"))
        return original(None, connection_factory, cursor_factory, **_map_parameters(parameters, map_address), **own)

    psycopg2.connect = connect


def _patch_psycopg(psycopg, map_address):
    from psycopg.conninfo import conninfo_to_dict

    def mapped(conninfo, kwargs, names):
        own = {key: kwargs.pop(key) for key in names if key in kwargs}
        return _map_parameters(conninfo_to_dict(conninfo, **kwargs), map_address), own

    settings = ("autocommit", "prepare_threshold", "context", "row_factory", "cursor_factory")
    sync_connect = psycopg.Connection.connect.__func__
    async_connect = psycopg.AsyncConnection.connect.__func__

    def connect(cls, conninfo="", **kwargs):
        parameters, own = mapped(conninfo, kwargs, settings)
        return sync_connect(cls, "", **parameters, **own)

    async def connect_async(cls, conninfo="", **kwargs):
        parameters, own = mapped(conninfo, kwargs, settings)
        return await async_connect(cls, "", **parameters, **own)

    psycopg.Connection.connect = classmethod(connect)
    psycopg.AsyncConnection.connect = classmethod(connect_async)
    psycopg.connect = psycopg.Connection.connect


class _PatchingLoader(importlib.abc.Loader):
    def __init__(self, loader, patch):
        self.loader = loader
        self.patch = patch

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        # The module keeps its real loader: packages look their data up through it.
        module.__spec__.loader = module.__loader__ = self.loader
        self.loader.exec_module(module)
        self.patch(module)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, patches):
        self.patches = patches

    def find_spec(self, name, path=None, target=None):
        if name in HIDDEN:
            raise ModuleNotFoundError("No module named %r (hidden by bulkhead: it resolves names by itself)" % name, name=name)
        # Stays in the table: who only asks whether a module is there (Airflow asks for psycopg) imports nothing.
        patch = self.patches.get(name)
        if patch is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = _PatchingLoader(spec.loader, patch)
        return spec


def _collect_less_at_start():
    """Imports make objects that stay: the collector's passes over them are 10 to 20 % of an application's start. The
    usual thresholds return after 900,000 objects more than were freed, before the first full collection."""
    usual = gc.get_threshold()
    if usual[0] == 0 or usual[0] >= QUICK_START_THRESHOLD:
        return
    left = [90]

    def count(phase, info):
        if phase != "stop":
            return
        left[0] -= 1
        if left[0] <= 0:
            gc.callbacks.remove(count)
            if gc.get_threshold()[0] == QUICK_START_THRESHOLD:
                gc.set_threshold(*usual)

    gc.callbacks.append(count)
    gc.set_threshold(QUICK_START_THRESHOLD, *usual[1:])


def _install():
    if os.environ.get("BULKHEAD_QUICK_START"):
        _collect_less_at_start()
    table = _load()
    if table is None:
        return
    map_address = _make_mapper(table)
    hostname = table["hostname"]
    patches = {
        "socket": lambda module: _patch_socket(module, map_address, hostname),
        "psycopg2": lambda module: _patch_psycopg2(module, map_address),
        "psycopg": lambda module: _patch_psycopg(module, map_address),
        "anyio": lambda module: _patch_anyio(module, map_address),
    }
    for name, patch in patches.items():
        if name in sys.modules:
            patch(sys.modules[name])
    sys.meta_path.insert(0, _Finder(patches))


_install()
