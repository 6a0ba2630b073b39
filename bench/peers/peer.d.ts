/** What every peer exports as `create`: a function that makes the one call, with everything reusable made before. */
export type Create = (config: {
  basePath: string;
  apiKey: string;
  secretKey: string;
}) => Promise<(id: string, idempotencyKey: string) => Promise<unknown>>;
