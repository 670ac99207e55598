import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConvLensError, computeError, throwIfAborted } from "../base/errors.ts";
import { activate, currentFolder, makeWorkFolder, removeOthers } from "./activate.ts";
import { archiveRoute } from "./archiveRoute.ts";
import { assetFolders } from "./assets.ts";
import { cacheDirectory, platformName } from "./cache.ts";
import { runCommand } from "./command.ts";
import { openedFolders } from "./executables.ts";
import { takeLock } from "./lock.ts";
import { readManifest, writeManifest, type NativeSource } from "./manifest.ts";
import { pythonRoute } from "./pythonRoute.ts";
import { reasonOf } from "./reasons.ts";
import type { Prepared, Route, RouteContext } from "./route.ts";
import { selfTest } from "./selfTest.ts";
import { wheelRoute } from "./wheelRoute.ts";

/** One step, in words for the person who waits. */
export interface InstallProgress {
  readonly message: string;
  /** 0..1 of the way that is being tried. */
  readonly fraction?: number;
}

/** Who is told of the steps, and what cancels them. */
export interface InstallOptions {
  readonly onProgress?: ((progress: InstallProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What tests replace. */
export interface InstallSetup {
  readonly env: NodeJS.ProcessEnv;
  readonly assets: readonly string[];
  readonly routes: readonly Route[];
  /** Folders that the person has open. */
  readonly opened: readonly string[];
  readonly selfTest: typeof selfTest;
}

/** The native engine that is in place now, and its folder. */
export interface Installed {
  readonly source: NativeSource;
  /** TensorFlow's version. */
  readonly tensorflow: string;
  readonly location: string;
}

/** What is there already before a download. Of every download the checksum is known beforehand. */
const ROUTES: readonly Route[] = [pythonRoute, wheelRoute(), archiveRoute()];

/**
 * Gets the native engine, or repairs it: the first way that works makes a new folder, which becomes `current` once
 * it was loaded successfully. Whatever fails or is cancelled leaves what was there as it was. Throws a ConvLensError:
 * `cancelled`, or `compute` with every way and its reason.
 */
export async function installNative(
  options: InstallOptions = {},
  setup: Partial<InstallSetup> = {},
): Promise<Installed> {
  const full: InstallSetup = {
    ...{ env: process.env, assets: assetFolders(), routes: ROUTES, selfTest },
    opened: [process.cwd()],
    ...setup,
  };
  const native = join(resolve(cacheDirectory(full.env)), "native");
  const before = await currentFolder(native);
  const lock = await takeLock(join(native, ".lock"), {
    signal: options.signal,
    onWait: () => {
      options.onProgress?.({ message: "Another ConvLens is getting the native engine: waiting" });
    },
  });
  try {
    const made = lock.waited ? await madeMeanwhile(native, before) : null;
    if (made) return made;
    await removeOthers(native);
    return await tryRoutes(native, full, options);
  } finally {
    await lock.release();
  }
}

async function madeMeanwhile(native: string, before: string | null): Promise<Installed | null> {
  const location = await currentFolder(native);
  const manifest = location && location !== before ? await readManifest(location) : null;
  return location && manifest
    ? { source: manifest.source, tensorflow: manifest.tensorflow, location }
    : null;
}

async function tryRoutes(
  native: string,
  setup: InstallSetup,
  { onProgress, signal }: InstallOptions,
): Promise<Installed> {
  const reasons: string[] = [];
  for (const route of setup.routes) {
    throwIfAborted(signal);
    const work = await makeWorkFolder(native);
    const { env, assets } = setup;
    const avoid = openedFolders(setup.opened);
    const context: RouteContext = {
      ...{ cache: resolve(cacheDirectory(env)), work, env, assets, avoid, signal },
      run: (command, args, how) =>
        runCommand(command, args, { cwd: work, env, avoid, signal, ...how }),
      say: (message, fraction) => {
        onProgress?.({ message, ...(fraction !== undefined && { fraction }) });
      },
      selfTest: (folder) => setup.selfTest(folder, env, signal),
    };
    try {
      return await finish(native, route, context, await route.run(context));
    } catch (error) {
      await rm(work, { recursive: true, force: true });
      if (signal?.aborted || (error instanceof ConvLensError && error.kind === "cancelled"))
        throw new ConvLensError("cancelled", "Cancelled.", { cause: error });
      reasons.push(`${route.name}: ${reasonOf(error)}`);
      onProgress?.({ message: `${route.name} does not work here: ${reasonOf(error)}` });
    }
  }
  throw computeError(
    `The native engine could not be had (${reasons.join("; ")}); everything works with the WebAssembly engine, only slower.`,
  );
}

async function finish(
  native: string,
  route: Route,
  context: RouteContext,
  prepared: Prepared,
): Promise<Installed> {
  const { tensorflow, folder, files, libraries } = prepared;
  context.say("Writing checksums", 0.97);
  const about = { tensorflow, source: route.source, platform: platformName() };
  await writeManifest(
    join(context.work, folder),
    { ...about, ...(libraries !== undefined && { libraries }) },
    files,
    context.signal,
  );
  throwIfAborted(context.signal);
  const version = `${tensorflow}-${route.source}`;
  const location = await activate(native, context.work, version, folder);
  await removeOthers(native);
  context.say(`The native engine is ready: TensorFlow ${tensorflow}`, 1);
  return { source: route.source, tensorflow, location };
}
