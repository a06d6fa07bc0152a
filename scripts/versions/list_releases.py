"""Lists the released wheels of projects on the package index, as JSON on stdout.

Usage: list_releases.py PROJECT...

The page is read through pip's own session, so index, proxy, certificates and credentials come from where pip
takes them. Pre-releases, yanked files and anything but wheels are left out.
"""

import json
import sys

from pip._internal.commands import create_command
from pip._vendor.packaging.utils import parse_wheel_filename
from pip._vendor.requests import RequestException

PAGE_TYPE = "application/vnd.pypi.simple.v1+json"


def main():
    command = create_command("download")
    options, _ = command.parse_args([])
    with command.main_context():
        session = command.get_default_session(options)
        listing = {project: list_project(session, options.index_url, project) for project in sys.argv[1:]}
    json.dump(listing, sys.stdout, indent=1)


def list_project(session, index_url, project):
    try:
        answer = session.get(f"{index_url.rstrip('/')}/{project}/", headers={"Accept": PAGE_TYPE})
        answer.raise_for_status()
    except RequestException as error:
        # Not its text: that holds the index's address, which may hold a password.
        sys.exit(f"The page of {project} could not be had ({type(error).__name__}).")
    if not answer.headers.get("Content-Type", "").startswith(PAGE_TYPE):
        sys.exit(f"The package index does not answer {project} as {PAGE_TYPE}: release dates cannot be read from it.")
    releases = []
    for file in answer.json()["files"]:
        if not file["filename"].endswith(".whl") or file.get("yanked"):
            continue
        version = parse_wheel_filename(file["filename"])[1]
        if version.is_prerelease:
            continue
        if "upload-time" not in file:
            sys.exit(f"The package index tells no upload time of {file['filename']}.")
        releases.append(
            {
                "version": str(version),
                "releasedOn": file["upload-time"][:10],
                "sha256": file["hashes"]["sha256"],
            }
        )
    return releases


main()
