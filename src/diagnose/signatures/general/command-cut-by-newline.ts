import { defineSignature } from "../../signature.ts";

export const commandCutByNewline = defineSignature({
  id: "command-cut-by-newline",
  group: "general",
  kind: "fault",
  confidence: "likely",
  marks: [": command not found"],
  patterns: [/(?<word>--[\w-]+): command not found/],
  what: "the command of {service|a service} is cut by a line break: the shell runs {word} as a program of its own",
  why: "A folded block (command: >) keeps the line break before a line that is indented further. What was meant as one command becomes several, and the first runs without its flags.",
  cure: [
    { say: "Join the lines", run: "bulkhead check --fix --rule command-cut-by-newline" },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://yaml.org/spec/1.2.2/#813-folded-style"],
  examples: ["airflow-webserver-1 | bash: line 2: --username: command not found"],
  lookalikes: ["airflow-webserver-1 | bash: line 2: airflw: command not found"],
});
