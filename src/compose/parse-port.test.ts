import { describe, expect, it } from "vitest";
import { isIpAddress, parsePort } from "./parse-port.ts";

describe("parsePort", () => {
  it("reads addresses, ranges and protocols", () => {
    expect(parsePort("80")).toEqual([{ hostIp: "", published: "", target: 80, protocol: "tcp" }]);
    expect(parsePort("127.0.0.1::80/UDP")).toEqual([
      { hostIp: "127.0.0.1", published: "", target: 80, protocol: "udp" },
    ]);
    expect(parsePort("[::1]:1:2")).toEqual([{ hostIp: "::1", published: "1", target: 2, protocol: "tcp" }]);
    expect(parsePort("8000-8005:80")).toEqual([{ hostIp: "", published: "8000-8005", target: 80, protocol: "tcp" }]);
    expect(parsePort("1-2:3-4")).toMatchObject([
      { published: "1", target: 3 },
      { published: "2", target: 4 },
    ]);
  });

  it.each(["", "a", "1:", "1:70000", "1-3:1-2", "3-1", "1.2.3.256:1:1", "[::1:1:1", "1/foo", "-1"])(
    "refuses %j",
    (text) => {
      expect(parsePort(text)).toHaveProperty("fault");
    },
  );
});

describe("isIpAddress", () => {
  it.each(["::", "::1", "fe80::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "0.0.0.0"])("takes %s", (text) => {
    expect(isIpAddress(text)).toBe(true);
  });

  it.each(["1.2.3", "01.2.3.4", ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9", "fe80::1%eth0", "12345::"])(
    "not %s",
    (text) => {
      expect(isIpAddress(text)).toBe(false);
    },
  );
});
