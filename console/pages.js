// @ts-check
/**
 * The pages: the only list of them. The rail, the search and the router take them from here.
 *
 * A pattern is the address's segments; one that begins with : is a name. `need` is what must be there: an open project, a right.
 * A page that `hasRange` takes the range of time along from another one.
 * @typedef {{name: string, pattern: string[], icon: string, load: () => Promise<{default: any}>, rail?: boolean, key?: string,
 *   hasRange?: boolean, need?: {project?: boolean, right?: "viewer"|"engineer"|"operator"|"administrator"}}} Page
 */

/** @type {Page[]} */
export const PAGES = [
  { name: "status", pattern: [], icon: "status", rail: true, key: "s", load: () => import("./pages/status.js") },
  { name: "project", pattern: ["p", ":project"], icon: "project", rail: true, key: "p", load: () => import("./pages/project.js"), need: { project: true } },
  { name: "block", pattern: ["p", ":project", ":plc", "blocks", ":block"], icon: "project", need: { project: true }, load: () => import("./pages/block.js") },
  { name: "tags", pattern: ["p", ":project", ":plc", "tags"], icon: "tags", rail: true, key: "v", need: { project: true },
    load: () => import("./pages/tags.js") },
  { name: "watch", pattern: ["p", ":project", ":plc", "watch"], icon: "watch", rail: true, key: "w", need: { project: true },
    load: () => import("./pages/watch.js") },
  { name: "runtime", pattern: ["runtime"], icon: "runtime", rail: true, key: "r", load: () => import("./pages/runtime.js") },
  { name: "trends", pattern: ["trends"], icon: "trends", rail: true, key: "t", hasRange: true, load: () => import("./pages/trends.js") },
  { name: "alarms", pattern: ["alarms"], icon: "alarms", rail: true, key: "a", hasRange: true, load: () => import("./pages/alarms.js") },
  { name: "tests", pattern: ["tests"], icon: "tests", rail: true, key: "x", load: () => import("./pages/tests.js") },
  { name: "run", pattern: ["tests", ":run"], icon: "tests", load: () => import("./pages/run.js") },
  { name: "changes", pattern: ["p", ":project", ":plc", "changes"], icon: "changes", rail: true, key: "c", need: { project: true },
    load: () => import("./pages/changes.js") },
  { name: "jobs", pattern: ["jobs"], icon: "jobs", rail: true, key: "j", load: () => import("./pages/jobs.js") },
  { name: "job", pattern: ["jobs", ":id"], icon: "jobs", load: () => import("./pages/job.js") },
  { name: "pipelines", pattern: ["pipelines"], icon: "pipelines", rail: true, key: "l", load: () => import("./pages/pipelines.js") },
  { name: "pipeline", pattern: ["pipelines", ":name"], icon: "pipelines", load: () => import("./pages/pipeline.js") },
  { name: "integrations", pattern: ["integrations"], icon: "integrations", rail: true, key: "i", need: { right: "engineer" },
    load: () => import("./pages/integrations.js") },
  { name: "assistant", pattern: ["assistant"], icon: "assistant", rail: true, load: () => import("./pages/assistant.js") },
  { name: "audit", pattern: ["audit"], icon: "audit", rail: true, key: "u", need: { right: "administrator" }, load: () => import("./pages/audit.js") },
  { name: "access", pattern: ["access"], icon: "access", rail: true, need: { right: "administrator" }, load: () => import("./pages/access.js") },
  { name: "api", pattern: ["api"], icon: "api", rail: true, load: () => import("./pages/api.js") },
];

/**
 * Find the page of an address.
 * @param {string[]} path
 * @returns {{page: Page, names: Record<string, string>}|null}
 */
export function match(path) {
  for (const page of PAGES) {
    if (page.pattern.length !== path.length) continue;
    /** @type {Record<string, string>} */
    const names = {};
    const fits = page.pattern.every((part, index) =>
      part.startsWith(":") ? (names[part.slice(1)] = path[index]) !== undefined : part === path[index],
    );
    if (fits) return { page, names };
  }
  return null;
}

/**
 * Return the segments of a page's address; ":project" and ":plc" are taken from the present state.
 * @param {Page} page
 * @param {Record<string, string>} names
 * @returns {string[]}
 */
export function pathTo(page, names) {
  return page.pattern.map((part) => (part.startsWith(":") ? names[part.slice(1)] ?? "-" : part));
}
