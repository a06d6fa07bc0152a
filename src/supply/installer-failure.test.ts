import { describe, expect, it } from "vitest";
import { diskFailure, installerFailure, redactUrls } from "./installer-failure.ts";

describe("installerFailure", () => {
  it.each([
    ["error: failed to write to file: No space left on device (os error 28)", "DISK_FULL"],
    ["npm error code ENOTFOUND\nnpm error network request to https://x failed", "NETWORK_UNREACHABLE"],
    ["Caused by: dns error: failed to lookup address information", "NETWORK_UNREACHABLE"],
    ["No solution found when resolving dependencies", "LOCK_FAILED"],
  ])("%s", (output, code) => {
    expect(installerFailure("Airflow 3.3.2", output, "LOCK_FAILED").code).toBe(code);
  });

  it("tells the error, not the warnings before it", () => {
    const output = "warning: x\nerror: No solution found\n  cause: a and b\n  are unsatisfiable\n";
    expect(installerFailure("Airflow 3.3.2", output, "LOCK_FAILED").message).toBe(
      "Airflow 3.3.2 could not be resolved: error: No solution found | cause: a and b | are unsatisfiable",
    );
  });

  it("masks credentials", () => {
    const error = installerFailure("uv", "GET https://ann:s3cret@mirror/simple answers 500", "DOWNLOAD_FAILED");
    expect(error.message).toContain("https://***@mirror/simple");
    expect(JSON.stringify([error.message, error.detail])).not.toContain("s3cret");
  });
});

describe("redactUrls", () => {
  it("masks a login that holds an @", () => {
    expect(redactUrls("http://ann:s@x@host/simple: no")).toBe("http://***@host/simple: no");
  });

  it("leaves addresses without credentials alone", () => {
    expect(redactUrls("see https://host/a@b and ann@host")).toBe("see https://host/a@b and ann@host");
  });
});

describe("diskFailure", () => {
  it("knows a full disk from another error", () => {
    expect(diskFailure("x", Object.assign(new Error("x"), { code: "ENOSPC" }))?.code).toBe("DISK_FULL");
    expect(diskFailure("x", Object.assign(new Error("x"), { code: "EACCES" }))).toBeUndefined();
  });
});
