import type { DoctorCheck } from "./doctor-check.ts";
import { artifacts } from "./checks/artifacts.ts";
import { clock } from "./checks/clock.ts";
import { confinement } from "./checks/confinement.ts";
import { connectionBudget } from "./checks/connection-budget.ts";
import { dagImports } from "./checks/dag-imports.ts";
import { disk } from "./checks/disk.ts";
import { engine } from "./checks/engine.ts";
import { fernetKey } from "./checks/fernet-key.ts";
import { heartbeats } from "./checks/heartbeats.ts";
import { logGrowth } from "./checks/log-growth.ts";
import { logins } from "./checks/logins.ts";
import { memory } from "./checks/memory.ts";
import { migrations } from "./checks/migrations.ts";
import { mlflowClient } from "./checks/mlflow-client.ts";
import { mlflowHosts } from "./checks/mlflow-hosts.ts";
import { nativePaths } from "./checks/native-paths.ts";
import { nofile } from "./checks/nofile.ts";
import { ownership } from "./checks/ownership.ts";
import { ports } from "./checks/ports.ts";
import { python } from "./checks/python.ts";
import { serverVersions } from "./checks/server-versions.ts";
import { services } from "./checks/services.ts";
import { sharedMemory } from "./checks/shared-memory.ts";
import { sharedSecrets } from "./checks/shared-secrets.ts";
import { wal } from "./checks/wal.ts";

/** All checks in the order their answers are shown: the machine first, then what others build on. */
export const doctorChecks: readonly DoctorCheck[] = [
  engine,
  python,
  memory,
  disk,
  nofile,
  sharedMemory,
  confinement,
  clock,
  ports,
  ownership,
  services,
  serverVersions,
  connectionBudget,
  wal,
  logins,
  migrations,
  sharedSecrets,
  fernetKey,
  heartbeats,
  dagImports,
  nativePaths,
  mlflowClient,
  mlflowHosts,
  artifacts,
  logGrowth,
];
