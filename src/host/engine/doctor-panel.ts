import { ViewColumn, window, type Disposable, type WebviewPanel } from "vscode";
import { OFFERED } from "./doctor-page.ts";

/** The panel of the doctor: one, whose page is written anew each time it is asked for. */
export class DoctorPanel implements Disposable {
  private panel: WebviewPanel | null = null;

  show(html: string): void {
    this.panel ??= this.open();
    this.panel.webview.html = html;
    this.panel.reveal();
  }

  private open(): WebviewPanel {
    const panel = window.createWebviewPanel(
      "convlens.doctor",
      "ConvLens Doctor",
      ViewColumn.Active,
      // the page's policy lets no script run; a frame without any could not be looked into by a test
      { enableCommandUris: OFFERED, enableScripts: true },
    );
    panel.onDidDispose(() => {
      this.panel = null;
    });
    return panel;
  }

  dispose(): void {
    this.panel?.dispose();
  }
}
