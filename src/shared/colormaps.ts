/**
 * Colour maps as 256 RGB entries, baked into hex: viridis (Smith and van der Walt, CC0), turbo (Mikhailov, Apache-2.0) and
 * the diverging blue-red of ColorBrewer (Brewer, Apache-2.0; blue below the neutral middle, red above). Inferno (Smith and van der
 * Walt, CC0) from ten of its colours.
 */
const HEX = {
  viridis:
    "44015444025645045745055946075a46085c460a5d460b5e470d60470e61471063471164471365481467" +
    "48166848176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677" +
    "482878482979472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882" +
    "443983443a83443b84433d84433e85423f854240864241864142874144874045884046883f47883f4889" +
    "3e49893e4a893e4c8a3d4d8a3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c" +
    "38598c375a8c375b8d365c8d365d8d355e8d355f8d34608d34618d33628d33638d32648e32658e31668e" +
    "31678e31688e30698e306a8e2f6b8e2f6c8e2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e" +
    "2b748e2b758e2a768e2a778e2a788e29798e297a8e297b8e287c8e287d8e277e8e277f8e27808e26818e" +
    "26828e26828e25838e25848e25858e24868e24878e23888e23898e238a8d228b8d228c8d228d8d218e8d" +
    "218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b1f978b1f988b1f998a1f9a8a1e9b8a" +
    "1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a48621a58521a68522a78522a884" +
    "23a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d2eb37c2fb47c31b57b" +
    "32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf7046c06f48c16e" +
    "4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f65cb5e" +
    "67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d549" +
    "89d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32" +
    "addc30b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11c" +
    "d2e21bd5e21ad8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61e" +
    "f6e620f8e621fbe723fde725",
  turbo:
    "30123b32154333184a341b51351e5836215f37246638276d392a733a2d793b2f803c32863d358b3e3891" +
    "3f3b973f3e9c4040a24143a74146ac4249b1424bb5434eba4451bf4454c34456c74559cb455ccf455ed3" +
    "4661d64664da4666dd4669e0466be3476ee64771e94773eb4776ee4778f0477bf2467df44680f64682f8" +
    "4685fa4687fb458afc458cfd448ffe4391fe4294ff4196ff4099ff3e9bfe3d9efe3ba0fd3aa3fc38a5fb" +
    "37a8fa35abf833adf731aff52fb2f42eb4f22cb7f02ab9ee28bceb27bee925c0e723c3e422c5e220c7df" +
    "1fc9dd1ecbda1ccdd81bd0d51ad2d21ad4d019d5cd18d7ca18d9c818dbc518ddc218dec018e0bd19e2bb" +
    "19e3b91ae4b61ce6b41de7b21fe9af20eaac22ebaa25eca727eea42aefa12cf09e2ff19b32f29835f394" +
    "38f4913cf58e3ff68a43f78746f8844af8804ef97d52fa7a55fa7659fb735dfc6f61fc6c65fd6969fd66" +
    "6dfe6271fe5f75fe5c79fe597dff5680ff5384ff5188ff4e8bff4b8fff4992ff4796fe4499fe429cfe40" +
    "9ffd3fa1fd3da4fc3ca7fc3aa9fb39acfb38affa37b1f936b4f836b7f735b9f635bcf534bef434c1f334" +
    "c3f134c6f034c8ef34cbed34cdec34d0ea34d2e935d4e735d7e535d9e436dbe236dde037dfdf37e1dd37" +
    "e3db38e5d938e7d739e9d539ebd339ecd13aeecf3aefcd3af1cb3af2c93af4c73af5c53af6c33af7c13a" +
    "f8be39f9bc39faba39fbb838fbb637fcb336fcb136fdae35fdac34fea933fea732fea431fea130fe9e2f" +
    "fe9b2dfe992cfe962bfe932afe9029fd8d27fd8a26fc8725fc8423fb8122fb7e21fa7b1ff9781ef9751d" +
    "f8721cf76f1af66c19f56918f46617f36315f26014f15d13f05b12ef5811ed5510ec530feb500eea4e0d" +
    "e84b0ce7490ce5470be4450ae2430ae14109df3f08dd3d08dc3b07da3907d83706d63506d43305d23105" +
    "d02f05ce2d04cc2b04ca2a04c82803c52603c32503c12302be2102bc2002b91e02b71d02b41b01b21a01" +
    "af1801ac1701a91601a71401a41301a112019e10019b0f01980e01950d01920b018e0a018b0902880802" +
    "8507028106027e05027a0403",
  diverging:
    "05306106326407346708366a09386d0a3b700c3d730d3f760e41790f437b10457e114781124984134c87" +
    "144e8a15508d1752901854931956961a58991b5a9c1c5c9f1d5fa21e61a51f63a82065ab2267ac2369ad" +
    "246aae266caf276eb02870b12a71b22b73b32c75b42e77b52f79b5307ab6327cb7337eb83480b93681ba" +
    "3783bb3885bc3a87bd3b88be3c8abe3e8cbf3f8ec0408fc14291c24393c34695c44997c54c99c64f9bc7" +
    "529dc8569fc959a1ca5ca3cb5fa5cd62a7ce65a9cf68abd06bacd16eaed271b0d375b2d478b4d57bb6d6" +
    "7eb8d781bad884bcd987beda8ac0db8dc2dc90c4dd93c6de96c7df98c8e09bc9e09dcbe1a0cce2a2cde3" +
    "a5cee3a7d0e4a9d1e5acd2e5aed3e6b1d5e7b3d6e8b6d7e8b8d8e9bbdaeabddbeac0dcebc2ddecc5dfec" +
    "c7e0edcae1eecce2efcfe4efd1e5f0d2e6f0d4e6f1d5e7f1d7e8f1d8e9f1dae9f2dbeaf2ddebf2deebf2" +
    "e0ecf3e1edf3e3edf3e4eef4e6eff4e7f0f4e9f0f4eaf1f5ecf2f5edf2f5eff3f5f0f4f6f2f5f6f3f5f6" +
    "f5f6f7f6f7f7f7f6f6f7f5f4f8f4f2f8f3f0f8f2eff8f1edf9f0ebf9efe9f9eee7f9ede5f9ebe3faeae1" +
    "fae9dffae8defae7dcfbe6dafbe5d8fbe4d6fbe3d4fce2d2fce0d0fcdfcffcdecdfdddcbfddcc9fddbc7" +
    "fdd9c4fcd7c2fcd5bffcd3bcfbd0b9fbceb7fbccb4facab1fac8aff9c6acf9c4a9f9c2a7f8bfa4f8bda1" +
    "f8bb9ef7b99cf7b799f7b596f6b394f6b191f6af8ef5ac8bf5aa89f5a886f4a683f3a481f2a17ff19e7d" +
    "f09c7bef9979ee9677ec9374eb9172ea8e70e98b6ee8896ce6866ae58368e48066e37e64e27b62e17860" +
    "df765ede735cdd7059dc6e57db6b55da6853d86551d7634fd6604dd55d4cd35a4ad25849d05548cf5246" +
    "ce4f45cc4c44cb4942c94741c84440c6413ec53e3dc43b3cc2383ac13639bf3338be3036bd2d35bb2a34" +
    "ba2832b82531b72230b61f2eb41c2db3192cb1182bae172aab162aa81529a51429a213289f12289c1127" +
    "991027960f27930e26900d268d0c258a0b25870a248409248108237f08237c0722790622760521730421" +
    "7003206d02206a011f67001f",
} as const;

const INFERNO = "000004 1b0c41 4a0c6b 781c6d a52c60 cf4446 ed6925 fb9b06 f7d13d fcffa4".split(" ");

/** Colour maps that there are; `diverging` has its neutral colour in the middle, at byte 128. */
export type ColormapName = keyof typeof HEX | "inferno" | "gray";

/** 256 RGB triples, entry after entry (768 bytes); entry 0 is the lowest value. */
export type Lut = Uint8Array;

const made = new Map<ColormapName, Lut>();

/** The look-up table of a colour map, made once. */
export function colormap(name: ColormapName): Lut {
  const known = made.get(name) ?? make(name);
  made.set(name, known);
  return known;
}

function make(name: ColormapName): Lut {
  if (name === "gray") return Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  if (name === "inferno")
    return Uint8Array.from({ length: 768 }, (_, i) => {
      const place = (Math.floor(i / 3) / 255) * (INFERNO.length - 1);
      const low = Math.min(Math.floor(place), INFERNO.length - 2);
      const at = (stop: number): number => channel(INFERNO[stop] ?? "", i % 3);
      return Math.round(at(low) + (at(low + 1) - at(low)) * (place - low));
    });
  return Uint8Array.from({ length: 768 }, (_, i) => channel(HEX[name], i));
}

/** Byte `index` of a row of hex pairs. */
const channel = (hex: string, index: number): number =>
  parseInt(hex.slice(2 * index, 2 * index + 2), 16);
