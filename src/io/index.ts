/**
 * Files of arrays: `.npy` as NumPy writes it. Functions take and return bytes; nothing here touches the file system.
 * What a file says of its own size is checked against its size before anything is made.
 * @example import { io } from "lowbit"; io.readNpy(readFileSync("weights.npy"))
 */
export { type ReadNpyOptions, readNpy, type WriteNpyOptions, writeNpy } from "./npy.js";
