// No export, no result of a function and no property of an instance is `any`. The error names the one that is.
import type * as lowbit from "lowbit";
import type * as coding from "lowbit/coding";
import type * as dtypes from "lowbit/dtypes";
import type * as io from "lowbit/io";
import type * as node from "lowbit/io/node";
import type * as math from "lowbit/math";
import type * as paper from "lowbit/papers/hubara2021-transposable-mask";
import type * as quantization from "lowbit/quantization";
import type * as random from "lowbit/random";
import type * as sparsity from "lowbit/sparsity";
import type * as tensor from "lowbit/tensor";
import type * as widgets from "lowbit/widgets";

type IsAny<T> = 0 extends 1 & T ? true : false;
/** The own properties of a record that are `any`; arrays and typed arrays by their elements. */
type AnyProperty<T> = T extends readonly (infer E)[]
  ? IsAny<E> extends true
    ? "an element"
    : never
  : T extends ArrayBufferView | ((...args: never[]) => unknown)
    ? never
    : T extends object
      ? { [K in keyof T]-?: IsAny<T[K]> extends true ? K : never }[keyof T]
      : never;
type AnyResult<T> = IsAny<T> extends true ? "the result" : AnyProperty<T>;
type AnyExport<N> = {
  [K in keyof N]-?: IsAny<N[K]> extends true
    ? K
    : N[K] extends abstract new (
          ...args: never[]
        ) => infer I
      ? AnyResult<I>
      : N[K] extends (...args: never[]) => infer R
        ? AnyResult<R>
        : AnyProperty<N[K]>;
}[keyof N];
type None<N> = [AnyExport<N>] extends [never] ? true : AnyExport<N>;

export const none: [
  None<typeof lowbit>,
  None<typeof lowbit.claims>,
  None<typeof lowbit.errors>,
  None<typeof coding>,
  None<typeof io>,
  None<typeof node>,
  None<typeof math>,
  None<typeof paper>,
  None<typeof quantization>,
  None<typeof random>,
  None<typeof dtypes>,
  None<typeof sparsity>,
  None<typeof tensor>,
  None<typeof widgets>,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true];
