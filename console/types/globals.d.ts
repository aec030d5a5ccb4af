/** What `useRead` gives, short enough for one line of JSDoc. */
type Reading<T> = import("../parts/load.js").Reading<T>;
