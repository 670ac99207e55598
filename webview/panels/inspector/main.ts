import "./inspector.ts";
import { openHost } from "../../common/state/index.ts";

// the host's page has the element already
const inspector =
  document.querySelector("convlens-inspector") ??
  document.body.appendChild(document.createElement("convlens-inspector"));
inspector.host = openHost();
