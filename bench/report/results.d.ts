/** What one run of the benchmark has measured. Times are milliseconds, sizes bytes. Absent: it does not run there. */
export interface Results {
  about: { date: string; machine: string; versions: Record<string, string> };
  /** `peer`: the row that stands for this peer in comparisons. */
  bytes: { title: string; peer?: string; minified: number; gzip: number; brotli: number }[];
  /** By runtime and peer: from `import` to the first request leaving. */
  coldStart: Record<string, Record<string, number | undefined>>;
  /** By peer: the start of a Worker, what that is more than an empty Worker's, and its first call. */
  workers: Record<string, { start: number; over: number; call: number | undefined } | undefined>;
  /** By peer, and `floor`. `ratio`: of the CPU time to that of the baseline, with its interval. */
  calls: Record<string, { cpu: number; wall: number; ratio: number; low: number; high: number }>;
  /** By peer: after 1 000 and after 10 000 calls. */
  memory: Record<string, { first: Memory; last: Memory }>;
}

export interface Memory {
  /** The heap, and what belongs to it. */
  heap: number;
  rss: number;
}
