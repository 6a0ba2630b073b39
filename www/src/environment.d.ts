/** The sprite sheets that `build/icons.ts` makes. */
declare module "virtual:icon-sheets" {
  const sheets: readonly { library: string; href: string; icons: readonly string[] }[];
  export default sheets;
}
