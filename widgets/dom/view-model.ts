/** What a view is given: a model to read and write, and an element to draw into. */

/**
 * A widget's state as its view sees it: the part of Backbone's model that views need, typed by the widget's state.
 * `set` changes it for every view in this page; `save_changes` sends what was set to the kernel.
 */
export interface ViewModel<State extends object> {
  get<Name extends keyof State & string>(name: Name): State[Name];
  set(values: Partial<State>): void;
  save_changes(): void;
  /** `event` is "change" or "change:<name>"; "msg:custom" brings the content of a message of the kernel half. */
  on(event: string, handler: (content?: unknown) => void): void;
  off(event: string, handler: (content?: unknown) => void): void;
  /** Whether a kernel half listens; undefined where there never is one. */
  readonly comm_live?: boolean;
  /** Sends a message to the kernel half; absent where there never is one. */
  send?(content: object): void;
}

/** The argument of a view function. */
export interface RenderProps<State extends object> {
  readonly model: ViewModel<State>;
  readonly el: HTMLElement;
}

/** A view: draws into the element, keeps it up to date, and returns what undoes both. */
export type Render<State extends object> = (props: RenderProps<State>) => () => void;
