/** HTML from outputs and Markdown, reduced to what can neither run code nor ask the network. */
import sanitize from "sanitize-html";
import { escapeHtml } from "./escape.js";

/** What is put before every id, so that no element of a notebook is taken for one of the page. */
export const idPrefix: "nb-" = "nb-";

const tags =
  "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup data dd del details dfn " +
  "div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark meter ol p " +
  "pre progress q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time " +
  "tr tt u ul var wbr";

const properties =
  "background background-color border border-bottom border-collapse border-color border-left border-radius border-right " +
  "border-spacing border-style border-top border-width box-shadow box-sizing caption-side clear color column-gap display " +
  "flex flex-direction flex-wrap float font font-family font-size font-style font-variant font-weight gap grid-column " +
  "grid-row grid-template-columns grid-template-rows height letter-spacing line-height list-style list-style-type margin " +
  "margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width opacity overflow " +
  "overflow-wrap overflow-x overflow-y padding padding-bottom padding-left padding-right padding-top row-gap " +
  "text-align text-decoration text-indent text-overflow text-transform vertical-align white-space width word-break " +
  "word-spacing word-wrap align-items align-self justify-content justify-self";

/** A value without functions that fetch; `var(--x)` could name one of the page's own. */
const value = /^(?!.*(?:url|image|image-set|cross-fade|element|expression|attr|env|var)\s*\()[^\\@<>{};]*$/i;

const picture = /^data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

const options: sanitize.IOptions = {
  allowedTags: tags.split(" "),
  allowedAttributes: {
    "*": ["class", "dir", "id", "lang", "role", "style", "title", "aria-*"],
    a: ["href", "rel"],
    col: ["span"],
    colgroup: ["span"],
    data: ["value"],
    details: ["open"],
    font: ["color", "face", "size"],
    img: ["alt", "height", "src", "width"],
    meter: ["high", "low", "max", "min", "optimum", "value"],
    ol: ["reversed", "start", "type"],
    progress: ["max", "value"],
    table: ["align", "border", "cellpadding", "cellspacing", "summary", "width"],
    td: ["align", "colspan", "headers", "rowspan", "valign"],
    th: ["align", "abbr", "colspan", "headers", "rowspan", "scope", "valign"],
    time: ["datetime"],
    tr: ["align", "valign"],
  },
  allowedStyles: { "*": Object.fromEntries(properties.split(" ").map((name) => [name, [value]])) },
  allowedSchemes: ["http", "https", "mailto"],
  allowedSchemesByTag: { img: ["data"] },
  allowProtocolRelative: false,
  // The content of these is no text either.
  nonTextTags: ["script", "style", "textarea", "option", "noscript", "iframe", "object", "template", "title"],
  transformTags: { "*": prefixId, a: safeLink, img: safeImage },
};

/** Returns `html` without scripts, forms, frames, styles of its own and anything that is fetched. */
export function sanitizeHtml(html: string): string {
  return sanitize(svgAsImages(html), options);
}

/** Drawings inside the HTML become pictures, in which no script runs. */
function svgAsImages(html: string): string {
  return html.replace(/<svg\b[^>]*>[\s\S]*?<\/svg\s*>/gi, (drawing) => {
    const title = /<title[^>]*>([^<]*)<\/title>/i.exec(drawing)?.[1] ?? "drawing";
    return `<img alt="${title.replaceAll('"', "&quot;")}" src="${svgUri(drawing)}">`;
  });
}

/** Returns a drawing as the address of a picture. */
export function svgUri(svg: string): string {
  const complete = /\bxmlns\s*=/.test(svg) ? svg : svg.replace(/<svg\b/i, '<svg xmlns="http://www.w3.org/2000/svg"');
  return `data:image/svg+xml;base64,${Buffer.from(complete).toString("base64")}`;
}

function prefixId(tagName: string, attribs: sanitize.Attributes): sanitize.Tag {
  const { id } = attribs;
  return { tagName, attribs: id === undefined ? attribs : { ...attribs, id: idPrefix + id } };
}

function safeLink(tagName: string, attribs: sanitize.Attributes): sanitize.Tag {
  const { href, ...rest } = prefixId(tagName, attribs).attribs;
  if (href === undefined) return { tagName, attribs: rest };
  if (href.startsWith("#")) return { tagName, attribs: { ...rest, href: `#${idPrefix}${href.slice(1)}` } };
  return { tagName, attribs: { ...rest, href, rel: "noopener noreferrer" } };
}

/** A picture that would be fetched becomes its name and a link. */
function safeImage(_: string, attribs: sanitize.Attributes): sanitize.Tag {
  const src = attribs.src ?? "";
  if (picture.test(src)) return prefixId("img", attribs);
  const name = attribs.alt || "picture";
  const href = /^https?:/i.test(src) ? { href: src, rel: "noopener noreferrer" } : undefined;
  return { tagName: href ? "a" : "span", attribs: href ?? {}, text: escapeHtml(`[${name}]`) };
}
