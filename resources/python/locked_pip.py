"""`pip` of a locked environment: says what is already there and refuses to change anything.

Images run `pip install X && ...`; natively X was installed from the lock file beforehand, so this answers as pip does
when a requirement is already satisfied. Python 3.8 or newer.
"""

import os
import re
import sys

try:
    from importlib import metadata
except ImportError:  # pragma: no cover
    sys.exit("pip: needs Python 3.8 or newer")

# Options of `pip install` that take a value.
VALUED = {
    "-c", "--constraint", "-i", "--index-url", "--pypi-url", "--extra-index-url", "-f", "--find-links", "-t", "--target",
    "--prefix", "--root", "--platform", "--python-version", "--implementation", "--abi", "--only-binary", "--no-binary",
    "--trusted-host", "--proxy", "--retries", "--timeout", "--cert", "--client-cert", "--cache-dir", "--log", "--src",
    "--upgrade-strategy", "--progress-bar", "--root-user-action", "--report", "-C", "--config-settings",
    "--global-option", "--build-option", "--use-feature", "--use-deprecated", "--exists-action", "--keyring-provider",
}
ALWAYS_THERE = {"pip", "wheel"}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def parse_requirement(text):
    """name, test of a version, or None for what has no plain name (paths, URLs)."""
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        match = re.fullmatch(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:==\s*([\w.+!-]+))?\s*(?:;.*)?", text)
        if match is None:
            return None
        wanted = match.group(2)
        return match.group(1), lambda found: wanted is None or found == wanted
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return None
    if requirement.url:
        return None
    if requirement.marker is not None and not requirement.marker.evaluate():
        return requirement.name, None
    return requirement.name, lambda found: requirement.specifier.contains(found, prereleases=True)


def read_requirements(path):
    try:
        with open(path, encoding="utf-8") as source:
            lines = source.read().replace("\\\n", " ").splitlines()
    except OSError as error:
        refuse("cannot read %s: %s" % (path, error.strerror))
    for line in lines:
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        line = re.sub(r"\s--hash[= ]\S+", "", line).strip()
        if line.startswith(("-r ", "--requirement ", "--requirement=", "-r")) and not line.startswith("--r="):
            name = re.sub(r"^(-r|--requirement)[ =]*", "", line)
            yield from read_requirements(os.path.join(os.path.dirname(path), name))
        elif line and not line.startswith("-"):
            yield line


def wanted_of(arguments):
    wanted, rest = [], list(arguments)
    while rest:
        argument = rest.pop(0)
        name, separator, value = argument.partition("=")
        if argument in ("-r", "--requirement") and rest:
            wanted.extend(read_requirements(rest.pop(0)))
        elif name == "--requirement" and separator:
            wanted.extend(read_requirements(value))
        elif argument.startswith("-r") and not argument.startswith("--") and len(argument) > 2:
            wanted.extend(read_requirements(argument[2:]))
        elif argument in ("-e", "--editable") and rest:
            wanted.append(rest.pop(0))
        elif argument in VALUED and rest:
            rest.pop(0)
        elif not argument.startswith("-"):
            wanted.append(argument)
    return wanted


def refuse(reason):
    print("ERROR: pip: %s. This environment is locked: Bulkhead installs it from a lock file." % reason, file=sys.stderr)
    sys.exit(1)


def install(arguments):
    satisfied = []
    for text in wanted_of(arguments):
        parsed = parse_requirement(text)
        if parsed is None:
            refuse("cannot install %s, which is no plain requirement" % text)
        name, accepts = parsed
        if accepts is None:
            print("Ignoring %s: markers do not match your environment" % text)
            continue
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            if normal(name) in ALWAYS_THERE:
                continue
            refuse("%s is not in this environment" % text)
        if not accepts(found):
            refuse("%s is wanted and %s %s is in this environment" % (text, name, found))
        satisfied.append("Requirement already satisfied: %s (%s)" % (text, found))
    if not set(arguments) & {"-q", "--quiet", "-qq", "-qqq"}:
        for line in satisfied:
            print(line)


def installed():
    found = {}
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            found.setdefault(normal(name), (name, distribution.version))
    return [found[key] for key in sorted(found)]


def show(names):
    for name in [name for name in names if not name.startswith("-")]:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            print("WARNING: Package(s) not found: %s" % name, file=sys.stderr)
            sys.exit(1)
        print("Name: %s\nVersion: %s\nSummary: %s" % (about["Name"], about["Version"], about["Summary"]))


def main(arguments):
    while arguments and arguments[0].startswith("-") and arguments[0] not in ("-V", "--version", "-h", "--help"):
        option = arguments.pop(0)
        if option in VALUED and arguments:
            arguments.pop(0)
    command = arguments[0] if arguments else "--help"
    if command == "install":
        install(arguments[1:])
    elif command in ("list", "freeze"):
        pattern = "%s==%s" if command == "freeze" or "--format=freeze" in arguments else "%s %s"
        for entry in installed():
            print(pattern % entry)
    elif command == "show":
        show(arguments[1:])
    elif command in ("-V", "--version"):
        print("pip (locked by Bulkhead) from %s (python %d.%d)" % ((os.path.dirname(__file__),) + sys.version_info[:2]))
    elif command == "check":
        print("No broken requirements found.")
    elif command in ("-h", "--help", "help"):
        print("pip install, list, freeze, show, check. This environment is locked: nothing can be added or removed.")
    else:
        refuse("`pip %s` cannot change it" % command)


if __name__ == "__main__":
    main(sys.argv[1:])
