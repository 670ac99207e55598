import {
  CodeAction,
  CodeActionKind,
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Disposable,
  languages,
  Location,
  Range,
  workspace,
  WorkspaceEdit,
  type CodeActionProvider,
  type TextDocument,
} from "vscode";
import { diagnosesCode } from "../settings.ts";
import type { DeadFilters } from "./dead.ts";
import type { ReadScript, ScriptLinks } from "./links.ts";
import { problemsOf, type Problem } from "./problems.ts";
import { PYTHON, reviewScripts } from "./reviews.ts";

const SOURCE = "ConvLens";

/** What was found in one document, with what would mend it. */
type Found = readonly { readonly diagnostic: Diagnostic; readonly fix: Problem["fix"] }[];

/** Problems of open scripts, where the settings ask for them. */
export function diagnose(links: ScriptLinks, dead: DeadFilters): Disposable {
  const collection = languages.createDiagnosticCollection("convlens");
  const known = new Map<string, Found>();
  const disposables = [
    collection,
    reviewScripts(links, async (document) => {
      const wanted = diagnosesCode(document.uri);
      // a script that cannot be read is told where it is opened
      const read = wanted ? await links.of(document).catch(() => null) : null;
      if (document.isClosed) return;
      const found = read ? foundIn(document, read, dead) : [];
      known.set(document.uri.toString(), found);
      collection.set(
        document.uri,
        found.map(({ diagnostic }) => diagnostic),
      );
    }),
    workspace.onDidCloseTextDocument(({ uri }) => {
      known.delete(uri.toString());
      collection.delete(uri);
    }),
    languages.registerCodeActionsProvider(
      PYTHON,
      fixes((document) => known.get(document.uri.toString()) ?? []),
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    ),
  ];
  return new Disposable(() => {
    for (const disposable of disposables) disposable.dispose();
  });
}

/** Of a notebook each cell gets its own. */
function foundIn(document: TextDocument, read: ReadScript, dead: DeadFilters): Found {
  const { linked, source } = read;
  const rowOf = (line: number): number => line - source.firstLine;
  const isHere = (line: number): boolean => rowOf(line) >= 0 && rowOf(line) < document.lineCount;
  const problems = problemsOf(read, (layer) => linked && dead.of(linked.model, layer));
  return problems.flatMap(({ span, beside, code, message, serious, fix }) => {
    if (!isHere(span.line)) return [];
    const end = [rowOf(span.endLine), span.endColumn] as const;
    const whole = span.column === 0;
    const { firstNonWhitespaceCharacterIndex: first } = document.lineAt(rowOf(span.line));
    const range = new Range(rowOf(span.line), whole ? first : span.column, ...end);
    const diagnostic = new Diagnostic(
      document.validateRange(range),
      message,
      serious ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
    );
    Object.assign(diagnostic, { source: SOURCE, code });
    if (beside && isHere(beside.line)) {
      const place = new Location(document.uri, document.lineAt(rowOf(beside.line)).range);
      diagnostic.relatedInformation = [new DiagnosticRelatedInformation(place, beside.message)];
    }
    return [{ diagnostic, fix }];
  });
}

const fixes = (of: (document: TextDocument) => Found): CodeActionProvider => ({
  provideCodeActions: (document, range) =>
    of(document).flatMap(({ diagnostic, fix }) => {
      if (!fix || !diagnostic.range.intersection(range)) return [];
      const action = new CodeAction(fix.title, CodeActionKind.QuickFix);
      action.diagnostics = [diagnostic];
      action.isPreferred = true;
      action.edit = new WorkspaceEdit();
      action.edit.replace(document.uri, diagnostic.range, fix.text);
      return [action];
    }),
});
