// What the bundler puts in: style sheets, and the worker's whole script.
declare module "*.css" {
  export const text: string;
}

declare module "lowbit:worker" {
  export const text: string;
}
