import { nodeSources } from "../../../src/node/node-sources.ts";

const source = nodeSources.read("-");
if (source.kind === "file") process.stdout.write(source.bytes);
