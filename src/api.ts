/**
 * The public library: every command as a function. A call takes an ActionContext, made of what is installed, the Node
 * implementations of the ports, a listener for progress and a signal:
 *
 *     const context = { ...findInstalledPackage(), ports: createNodePorts(), emit: console.error, signal };
 *     const { access } = await up(context, project, { ... });
 */
export type { ActionContext, ProjectOptions } from "./actions/context.ts";
export { config, type ConfigOptions } from "./actions/config.ts";
export { down, type DownOptions, type DownResult } from "./actions/down.ts";
export { exec, type ExecOptions } from "./actions/exec.ts";
export { init, type InitOptions, type InitResult } from "./actions/init.ts";
export { logs, type LogsOptions } from "./actions/logs.ts";
export { prove } from "./actions/prove.ts";
export { ps } from "./actions/ps.ts";
export { restart } from "./actions/restart.ts";
export { stop, type StopOptions } from "./actions/stop.ts";
export { type StartedServices as UpResult } from "./actions/start-services.ts";
export { up, type UpOptions } from "./actions/up.ts";
export { loadProject } from "./compose/load-project.ts";
export type { LoadRequest } from "./compose/load-request.ts";
export type { Project, Service } from "./compose/project.ts";
export { renderConfig } from "./compose/render-config.ts";
export type { Emit, ProgressEvent, ServiceState } from "./core/event.ts";
export type { AccessRow, ProofStep, ServiceRow } from "./core/result-rows.ts";
export { isToolError, ToolError, type ErrorCode } from "./core/tool-error.ts";
export { createNodePorts } from "./node/node-ports.ts";
export { findInstalledPackage, type InstalledPackage } from "./node/installed-package.ts";
export type { Ports } from "./ports/ports.ts";
export { resolveTopology } from "./topology/resolve-topology.ts";
export type { App, Connection, DatabaseServer, ServiceRole, Topology } from "./topology/topology.ts";
