// Preloaded with --require: appends the path of every file that is read whole to the file RECORD_FILES names.
const fs = require("node:fs");

const { readFileSync } = fs;
fs.readFileSync = (path, ...options) => {
  if (typeof path === "string") fs.appendFileSync(process.env.RECORD_FILES, `${path}\n`);
  return readFileSync(path, ...options);
};
