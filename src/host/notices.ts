/** What the person and the log are told: names out of files pass as text, never as links, icons or lines of their own. */
import {
  ProgressLocation,
  window,
  type LogOutputChannel,
  type MessageOptions,
  type Progress,
} from "vscode";
import { noticeText, plainText } from "../base/plain-text.ts";

/** The button that was chosen; undefined where the notice was closed. */
type Chosen = Thenable<string | undefined>;

/** An error in the corner, in one sentence; resolves to the button that was chosen. */
export const showError = (sentence: string, ...buttons: readonly string[]): Chosen =>
  window.showErrorMessage(noticeText(sentence), ...buttons);
/** A warning in the corner, in one sentence; resolves to the button that was chosen. */
export const showWarning = (sentence: string, ...buttons: readonly string[]): Chosen =>
  window.showWarningMessage(noticeText(sentence), ...buttons);
/** A notice in the corner, in one sentence; resolves to the button that was chosen. */
export const showInformation = (sentence: string, ...buttons: readonly string[]): Chosen =>
  window.showInformationMessage(noticeText(sentence), ...buttons);
/** A question that has to be answered first; `detail` is a text of ours. */
export const ask = (question: string, detail: string, ...buttons: readonly string[]): Chosen => {
  const options: MessageOptions = { modal: true, detail };
  return window.showInformationMessage(noticeText(question), options, ...buttons);
};

/** What takes a while, in the corner, with a button that ends it; `progress` is told of as notices are. */
export const showProgress = <T>(
  title: string,
  task: (progress: Progress<Told>, signal: AbortSignal) => Thenable<T>,
): Thenable<T> =>
  window.withProgress(
    { location: ProgressLocation.Notification, title: noticeText(title), cancellable: true },
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      const report = ({ message, ...rest }: Told): void => {
        progress.report({
          ...rest,
          ...(message !== undefined && { message: noticeText(message) }),
        });
      };
      return task({ report }, controller.signal);
    },
  );
interface Told {
  readonly message?: string;
  readonly increment?: number;
}

/** A line of the log is one line, whatever a file or the compute process says in it. */
const MOST_OF_A_LINE = 8000;

/** What the extension writes to; the channel itself shows it. */
export type Log = Pick<LogOutputChannel, "info" | "warn" | "error"> & { show(): void };

/** The channel as a log of lines, each at most 8000 characters long; errors have their stack. */
export function plainLog(channel: LogOutputChannel): Log {
  const line = (text: string | Error): string =>
    plainText(text instanceof Error ? (text.stack ?? text.message) : text, MOST_OF_A_LINE);
  return {
    info: (text) => {
      channel.info(line(text));
    },
    warn: (text) => {
      channel.warn(line(text));
    },
    error: (text) => {
      channel.error(line(text));
    },
    show: () => {
      channel.show(true);
    },
  };
}
