/** Ambient declarations of what the kernel adds to a cell's global scope. */
export const cellGlobals: string = `
/** Asks for a line of text and waits for it; null when the question is dismissed. */
declare function prompt(message?: string, defaultValue?: string): string | null;
/** Asks a yes-or-no question and waits for the answer. */
declare function confirm(message?: string): boolean;
/** Shows a message and waits until it is acknowledged. */
declare function alert(message?: string): void;
`;
