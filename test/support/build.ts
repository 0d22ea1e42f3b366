/** Builds what is out of date before any test runs: live kernels and browsers use dist/. */
export async function setup(): Promise<void> {
  const { build } = (await import("../../scripts/build.mjs" as string)) as { build: (options: object) => void };
  build({ quiet: true });
}
