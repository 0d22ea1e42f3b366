/** Draws a map with WebGL2: strengths, mask bits and pyramid are integer textures, a pixel looks up what it shows. */
import { element } from "../dom/elements.js";
import type { Frame, MapPainter } from "./view-map-canvas.js";
import type { Colour } from "./view-map-colours.js";
import type { MaskMap, Region } from "./view-map-data.js";

const vertexShader = `#version 300 es
void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;

const fragmentShader = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D strengths, bits, atlas;
uniform vec2 origin, shown;
uniform float stride, height;
uniform int level;
uniform ivec2 place;
uniform bool transposed;
uniform vec3 keptWeak, keptStrong, prunedWeak, prunedStrong, ground;
out vec4 colour;
void main() {
  vec2 at = origin + vec2(gl_FragCoord.x, height - gl_FragCoord.y) * stride;
  if (any(lessThan(at, vec2(0.0))) || any(greaterThanEqual(at, shown))) { colour = vec4(ground, 1.0); return; }
  ivec2 cell = ivec2(transposed ? at.yx : at);
  vec3 means;
  if (level == 0) {
    float strength = float(texelFetch(strengths, cell, 0).r);
    float bit = float((texelFetch(bits, ivec2(cell.x >> 5, cell.y), 0).r >> uint(cell.x & 31)) & 1u);
    means = vec3(255.0 * bit, strength, strength);
  } else means = vec3(texelFetch(atlas, place + (cell >> level), 0).rgb);
  means /= 255.0;
  colour = vec4(mix(mix(prunedWeak, prunedStrong, means.z), mix(keptWeak, keptStrong, means.y), means.x), 1.0);
}`;

const names = [
  ...["strengths", "bits", "atlas", "origin", "shown", "stride", "height", "level", "place", "transposed"],
  ...["keptWeak", "keptStrong", "prunedWeak", "prunedStrong", "ground"],
] as const;

/** The context with what a drawing needs of it. */
interface Program {
  readonly gl: WebGL2RenderingContext;
  readonly at: Readonly<Record<(typeof names)[number], WebGLUniformLocation | null>>;
}

/**
 * Returns a painter that uses WebGL2; undefined where there is none, or none that takes a texture of this side.
 * @param onLost called when the context is lost: nothing is drawn until `onRestored`; the map must be loaded again
 */
export function createGlPainter(side: number, onLost: () => void, onRestored: () => void): MapPainter | undefined {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const gl = canvas.getContext("webgl2", {
    alpha: false,
    antialias: false,
    depth: false,
    powerPreference: "low-power",
  });
  if (gl === null || gl.getParameter(gl.MAX_TEXTURE_SIZE) < side) return undefined;
  let program = createProgram(gl);
  if (program === undefined) return undefined;
  let map: MaskMap | undefined;
  canvas.addEventListener("webglcontextlost", (event) => {
    // Without this the context would never come back.
    event.preventDefault();
    program = undefined;
    map = undefined;
    onLost();
  });
  canvas.addEventListener("webglcontextrestored", () => {
    program = createProgram(gl);
    if (program !== undefined) onRestored();
  });
  return {
    canvas,
    kind: "webgl2",
    load: (next, changed) => {
      if (program === undefined) return;
      if (changed !== undefined && map?.strengths === next.strengths) update(program, next, changed);
      else upload(program, next);
      map = next;
    },
    draw: (frame) => {
      if (program !== undefined && map !== undefined) draw(program, map, frame);
    },
    dispose: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
  };
}

function createProgram(gl: WebGL2RenderingContext): Program | undefined {
  const program = gl.createProgram();
  for (const [type, text] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) return undefined;
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return undefined;
  const at = Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, name)])) as Program["at"];
  gl.useProgram(program);
  for (const unit of [0, 1, 2]) {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
    for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
  }
  gl.uniform1i(at.strengths, 0);
  gl.uniform1i(at.bits, 1);
  gl.uniform1i(at.atlas, 2);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  return { gl, at };
}

function upload({ gl }: Program, map: MaskMap): void {
  const put = (
    unit: number,
    format: readonly [number, number, number],
    size: readonly [number, number],
    data: ArrayBufferView,
  ) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.texImage2D(gl.TEXTURE_2D, 0, format[0], size[0], size[1], 0, format[1], format[2], data);
  };
  put(0, [gl.R8UI, gl.RED_INTEGER, gl.UNSIGNED_BYTE], [map.columns, map.rows], map.strengths);
  put(1, [gl.R32UI, gl.RED_INTEGER, gl.UNSIGNED_INT], [map.words, map.rows], map.bits);
  put(2, [gl.RGBA8UI, gl.RGBA_INTEGER, gl.UNSIGNED_BYTE], [map.atlasWidth, map.atlasHeight], map.atlas);
}

/** Whole rows are sent, because they lie together in memory. */
function update({ gl }: Program, map: MaskMap, { row, height }: Region): void {
  const put = (
    unit: number,
    format: readonly [number, number],
    rows: readonly [number, number],
    width: number,
    data: ArrayBufferView,
  ) => {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, rows[0], width, rows[1], format[0], format[1], data);
  };
  const { strengths, bits, atlas, columns, words, atlasWidth } = map;
  const part = <T extends Uint8Array | Uint32Array>(data: T, width: number, first: number, count: number): T =>
    data.subarray(first * width, (first + count) * width) as T;
  put(0, [gl.RED_INTEGER, gl.UNSIGNED_BYTE], [row, height], columns, part(strengths, columns, row, height));
  put(1, [gl.RED_INTEGER, gl.UNSIGNED_INT], [row, height], words, part(bits, words, row, height));
  for (const [i, level] of map.levels.entries()) {
    const first = row >> (i + 1);
    const count = Math.min(level.height, ((row + height - 1) >> (i + 1)) + 1) - first;
    const cells = part(atlas, 4 * atlasWidth, level.y + first, count);
    put(2, [gl.RGBA_INTEGER, gl.UNSIGNED_BYTE], [level.y + first, count], atlasWidth, cells);
  }
}

function draw({ gl, at }: Program, map: MaskMap, frame: Frame): void {
  const { width, height } = gl.canvas;
  const level = map.levels[frame.level - 1];
  const set = (name: (typeof names)[number], [red, green, blue]: Colour): void =>
    gl.uniform3f(at[name], red / 255, green / 255, blue / 255);
  gl.viewport(0, 0, width, height);
  gl.uniform2f(at.origin, frame.x, frame.y);
  gl.uniform2f(
    at.shown,
    ...((frame.transposed ? [map.rows, map.columns] : [map.columns, map.rows]) as [number, number]),
  );
  gl.uniform1f(at.stride, frame.step);
  gl.uniform1f(at.height, height);
  gl.uniform1i(at.level, frame.level);
  gl.uniform2i(at.place, level?.x ?? 0, level?.y ?? 0);
  gl.uniform1i(at.transposed, frame.transposed ? 1 : 0);
  set("keptWeak", frame.palette.kept.weak);
  set("keptStrong", frame.palette.kept.strong);
  set("prunedWeak", frame.palette.pruned.weak);
  set("prunedStrong", frame.palette.pruned.strong);
  set("ground", frame.palette.ground);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
}
