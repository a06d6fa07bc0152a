import { describe, expect, it } from "vitest";
import { liveProgress } from "./progress-live.ts";
import { PLAIN_LOOK } from "./render/look.ts";
import { fakeTerminal } from "../../test/helpers/fake-terminal.ts";

const until = async (holds: () => boolean) => {
  for (let turn = 0; turn < 2000 && !holds(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
};

describe("liveProgress", () => {
  it("redraws in place; notes scroll past above; the last frame stays", async () => {
    const { terminal, screen } = fakeTerminal({ columns: 60, rows: 20 });
    const progress = liveProgress(terminal, PLAIN_LOOK);
    progress.emit({ type: "service", service: "postgres", state: "starting" });
    progress.emit({ type: "service", service: "mlflow", state: "waiting", detail: "postgres (healthy)" });
    await until(() => screen.lines().some((line) => line.includes("mlflow")));
    progress.emit({ type: "note", message: "Engine: native" });
    progress.emit({ type: "service", service: "postgres", state: "ready", seconds: 0.8 });
    await until(() => screen.lines().some((line) => line.includes("ready in 0.8 s")));
    expect(screen.cursorHidden()).toBe(true);
    await progress.say("data\n", "stdout");
    progress.emit({ type: "service", service: "mlflow", state: "ready", seconds: 12.3 });
    progress.close();
    expect(screen.lines()).toEqual([
      "note: Engine: native",
      "data",
      " ✔ postgres  ready in 0.8 s",
      " ✔ mlflow    ready in 12.3 s",
    ]);
    expect(screen.cursorHidden()).toBe(false);
  });

  it("keeps its place when the window becomes narrower and its lines wrap", async () => {
    const { terminal, screen, resize } = fakeTerminal({ columns: 60, rows: 20 });
    const progress = liveProgress(terminal, PLAIN_LOOK);
    progress.emit({ type: "note", message: "above" });
    progress.emit({ type: "service", service: "scheduler", state: "waiting", detail: "migrate (completed)" });
    await until(() => screen.lines().length === 2);
    resize(20);
    expect(screen.lines()).toEqual(["note: above", " · scheduler  waitin", "g for migrate (compl", "eted)"]);
    await until(() => screen.lines().length === 2);
    expect(screen.lines()).toEqual(["note: above", " · scheduler  wait…"]);
    progress.close();
    expect(screen.lines()).toEqual(["note: above", " · scheduler  wait…"]);
  });

  it("draws at most ten times a second and not at all when nothing moves", async () => {
    const { terminal, writes } = fakeTerminal({ columns: 60, rows: 20 });
    const progress = liveProgress(terminal, PLAIN_LOOK);
    progress.emit({ type: "service", service: "a", state: "starting" });
    await until(() => writes.length === 1);
    for (let count = 0; count < 50; count += 1)
      progress.emit({ type: "service", service: `s${count}`, state: "ready" });
    expect(writes.length).toBe(1);
    progress.emit({ type: "service", service: "a", state: "ready" });
    await until(() => writes.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(writes.length).toBe(2);
    progress.close();
  });

  it("writes nothing when nothing happened, and closes once", () => {
    const { terminal, writes } = fakeTerminal({ columns: 60, rows: 20 });
    const progress = liveProgress(terminal, PLAIN_LOOK);
    progress.close();
    progress.close();
    progress.emit({ type: "service", service: "late", state: "ready" });
    expect(writes).toEqual([]);
  });
});
