import { Script } from "node:vm";

/**
 * The body of a CommonJS module from a chunk that esbuild has split off as an ECMAScript module: `require` and `exports` in place
 * of its import and export statements. esbuild's own translation reads every name through a getter of the other chunk at each
 * use; here a name is read once. That needs chunks whose exports have their values when they have run, as they have without
 * cycles between them and without modules that run at first use (`__esm`), which is held.
 *
 * @param {string} text as esbuild writes it: each statement at the start of a line
 * @returns {string}
 * @throws Error for statements of other forms
 */
export function toCommonJs(text) {
  const body = text
    .replace(/^import \{([^}]*)\} from ("[^"]+");$/gm, (_, names, from) => {
      return `const {${names.replaceAll(" as ", ": ")}} = require(${from});`;
    })
    .replace(/^import (?:\* as )?(\w+) from ("[^"]+");$/gm, "const $1 = require($2);")
    .replace(/^import ("[^"]+");$/gm, "require($1);")
    .replace(/\bimport\(("[^"]+")\)/g, "Promise.resolve().then(() => require($1))")
    .replace(/^export \{([^}]*)\};$/gm, (_, names) => {
      const pairs = names.split(",").map((name) => name.trim().split(" as "));
      return pairs.map(([own, name = own]) => `exports.${name} = ${own};`).join("\n");
    });
  if (/(?<!\w)__esm\(\{/.test(body)) throw new Error("a chunk has a module that runs at its first use");
  assertSyntax(`(function (exports, require, module) {${body.replaceAll("import.meta", "module")}\n})`);
  return body;
}

/** What is left of import and export statements is none in a function. */
function assertSyntax(text) {
  return new Script(text);
}
