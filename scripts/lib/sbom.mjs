/**
 * The bill of materials in the format of CycloneDX 1.6: what is bundled, with the checksums that npm compared when it was installed. `npm sbom`
 * does not know what is bundled: here every package is a development dependency. The same build gives the same file.
 */
import { createHash } from "node:crypto";

const npmUrl = (name, version) =>
  `pkg:npm/${name.replace(/^@/, "%40")}@${encodeURIComponent(version)}`;

/** npm's `sha512-...` as CycloneDX has it. */
function hashesOf(integrity) {
  const [, digest] = /^sha512-(\S+)/.exec(integrity ?? "") ?? [];
  return digest
    ? [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }]
    : undefined;
}

/** An expression of SPDX, or the name of another licence. */
const licensesOf = (licence) =>
  /^SEE /.test(licence) ? [{ license: { name: licence } }] : [{ expression: licence }];

/**
 * @param packages as `shippedPackages` of shipped.mjs gives them
 * @param {{ name: string, version: string, license: string }} about the extension
 * @param {Record<string, { integrity?: string, dependencies?: object }>} lock `packages` of package-lock.json
 * @returns {object} a CycloneDX document
 */
export function bill(packages, about, lock) {
  const root = npmUrl(about.name, about.version);
  const refs = new Map(
    packages.map(({ folder, name, version, purl }) => [folder, purl ?? npmUrl(name, version)]),
  );
  const components = packages.map(({ folder, name, version, licence, parts }) => ({
    type: "library",
    "bom-ref": refs.get(folder),
    ...groupAndName(name),
    version,
    hashes: hashesOf(lock[folder]?.integrity),
    licenses: licensesOf(licence),
    purl: refs.get(folder),
    ...(parts.length > 0 && {
      components: parts.map((part) => ({
        type: "library",
        "bom-ref": `${refs.get(folder)}#${encodeURIComponent(part.name)}`,
        name: part.name,
        licenses: licensesOf(part.licence),
      })),
    }),
  }));
  const known = new Set(refs.values());
  const dependencies = packages.map(({ folder }) => ({
    ref: refs.get(folder),
    dependsOn: Object.keys(lock[folder]?.dependencies ?? {})
      .flatMap((name) => refs.get(placeOf(name, folder, lock)) ?? [])
      .sort(),
  }));
  const depended = new Set(dependencies.flatMap(({ dependsOn }) => dependsOn));
  const document = {
    metadata: {
      component: {
        ...{ type: "application", "bom-ref": root, name: about.name, version: about.version },
        ...{ licenses: licensesOf(about.license), purl: root },
      },
    },
    components,
    dependencies: [
      { ref: root, dependsOn: [...known].filter((ref) => !depended.has(ref)).sort() },
      ...dependencies,
    ],
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(document))}`;
  return { bomFormat: "CycloneDX", specVersion: "1.6", serialNumber, version: 1, ...document };
}

function groupAndName(full) {
  const [group, name] = full.startsWith("@") ? full.split("/") : [undefined, full];
  return { ...(group && { group }), name };
}

/** Where Node finds `name` from `folder`: the nearest node_modules that has it. */
function placeOf(name, folder, lock) {
  for (let at = folder; ; at = at.slice(0, at.lastIndexOf("/node_modules/"))) {
    const place = `${at}/node_modules/${name}`;
    if (lock[place]) return place;
    if (!at.includes("/node_modules/")) return `node_modules/${name}`;
  }
}

/** A name-based UUID (RFC 9562, version 8). */
function uuidOf(text) {
  const hash = createHash("sha256").update(text).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
