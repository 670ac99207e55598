/** Style sheets of packages, as text. */
declare module "*.css" {
  const text: string;
  export default text;
}
