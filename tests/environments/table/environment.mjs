// What a row of the table says.

/**
 * @typedef {{ program: string }
 *   | { test: string }
 *   | { server: string, post: string }
 *   | { server: string, get: string }
 *   | { server: string, page: string }
 *   | { folder: string, page: string }} Run
 * `program` prints the receipt and `test` prints none; `server` is told its port by `{port}` and by PORT, `post`, `get` and `page`
 * are paths, what `get` answers with names the idempotency key, and `folder` is one of static files
 */

/**
 * A row of the README's table, with the environments of the same name, version and note.
 *
 * @typedef {object} Family
 * @property {string} name
 * @property {string} [version] the package whose version is told beside the name
 * @property {string} [note]
 */

/**
 * @typedef {object} Member
 * @property {string} title within the family
 * @property {string[]} [versions] the packages whose versions are told beside the title
 * @property {string[]} [build] commands; a command that others of the project have run is not run again
 * @property {Run} run
 * @property {Record<string, string>} [env]
 * @property {string} [needs] what it works with, where it does not without
 * @property {string} [limit] what is said in place of a receipt, where it does not work
 * @property {boolean} [quick] whether npm test runs it: one for each condition of the package's exports that tests/runtimes does
 *   not resolve, and for each kind of test runner
 */

/**
 * @typedef {Member & { family: Family, project: string }} Environment
 * `project` is the folder in tests/environments with its package.json and lock file
 */

/**
 * @param {string} project
 * @param {Family} family
 * @param {Record<string, Member>} members
 * @returns {Record<string, Environment>}
 */
export function inProject(project, family, members) {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, { family, project, ...member }]));
}
