/**
 * OpenSSL's own configuration for nginx: the groups of Mozilla's intermediate profile 5.8, the hybrid one first. nginx's
 * `ssl_ecdh_curve` refuses to start with a name that its OpenSSL does not know, which is what 3.0 to 3.4 do with
 * X25519MLKEM768. A line here that has such a name is passed over, and the line before it (`Curves` is another word for
 * `Groups`) holds. The security level is Debian's, whose file this one takes the place of.
 */
export const TLS_GROUPS = `openssl_conf = init

[init]
ssl_conf = ssl

[ssl]
system_default = groups

[groups]
MinProtocol = TLSv1.2
CipherString = DEFAULT@SECLEVEL=2
Groups = X25519:prime256v1:secp384r1
Curves = X25519MLKEM768:X25519:prime256v1:secp384r1
`;
