import { defineSignature } from "../../signature.ts";

export const blankVariable = defineSignature({
  id: "blank-variable",
  group: "general",
  kind: "fault",
  confidence: "likely",
  marks: ["variable is not set. Defaulting to a blank string"],
  patterns: [/The \\?"?(?<variable>\w+)\\?"? variable is not set\. Defaulting to a blank string/],
  what: "the Compose file uses ${variable}, which nothing sets: a blank text stands in its place",
  why: "Either .env lacks the name, or a password holds a $ and what follows is taken for a variable.",
  cure: [
    {
      say: "Set it, or write $$ for a $ that belongs to the value",
      run: "bulkhead check --fix=behaviour --rule blank-variable --rule dollar-in-password",
    },
    { say: "Then start again", run: "bulkhead up" },
  ],
  sources: ["https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md"],
  examples: [
    'WARN[0000] The "POSTGRES_PASSWORD" variable is not set. Defaulting to a blank string.',
    'time="2026-11-23T06:37:58Z" level=warning msg="The \\"POSTGRES_PASSWORD\\" variable is not set. Defaulting to a blank string."',
  ],
  lookalikes: ['WARN[0000] The "x" network is not used'],
});
