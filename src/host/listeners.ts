/** The smallest event: no `vscode` in it, so that what uses it is tested without a workbench. */
export class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();

  /** Returns the function that stops listening. */
  readonly on = (listener: (value: T) => void): (() => void) => {
    const own = (value: T): void => listener(value);
    this.all.add(own);
    return () => this.all.delete(own);
  };

  get count(): number {
    return this.all.size;
  }

  fire(value: T): void {
    for (const listener of [...this.all]) listener(value);
  }
}
