import { EventEmitter, type TextDocumentContentProvider, type Uri } from "vscode";
import { t } from "../../shared/l10n.ts";

/** Scheme of the URIs whose text `Reports` provides. */
export const REPORT_SCHEME = "convlens-report";

/** Read-only documents that ConvLens writes for the person, such as the doctor's report. */
export class Reports implements TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;

  set(uri: Uri, text: string): void {
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
  }

  provideTextDocumentContent(uri: Uri): string {
    return (
      this.texts.get(uri.toString()) ?? t("This report is gone. Run 'ConvLens: Doctor' again.")
    );
  }
}
