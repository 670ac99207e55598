export const suites = [
  {
    name: "packages",
    about: "model files that ship in public packages, as they are",
    environment: "torch",
    script: "packages/files.py",
    seconds: 300,
    making: 600,
    each: true,
  },
];
