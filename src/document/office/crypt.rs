//! Workbooks that are encrypted with the password that is in every reader: Excel encrypts with it what is only protected
//! against changes, and opens it without asking.

use super::xml::{self, Enter, Tag, Visit};
use crate::source::ole::Ole;
use aes::cipher::{BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256, Block};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The password.
const PASSWORD: &str = "VelvetSweatshop";
/// Rounds of hashing that are gone through; offices write 50,000 and 100,000.
const MOST_ROUNDS: u32 = 1_000_000;
const BLOCK: usize = 16;
/// Bytes of the package that share a start.
const SEGMENT: usize = 4096;
/// What the rounds are followed by, for each key that is made of them.
const FOR_VERIFIER: [u8; 8] = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
const FOR_HASH: [u8; 8] = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
const FOR_KEY: [u8; 8] = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];

/// The package in an encrypted file; none when it has another password, or is encrypted in another way.
pub(super) fn open(bytes: &[u8]) -> Option<Vec<u8>> {
    let ole = Ole::open(bytes)?;
    let info = ole.stream("EncryptionInfo")?.bytes;
    let package = ole.stream("EncryptedPackage")?.bytes;
    let size = usize::try_from(u64::from_le_bytes(package.get(..8)?.try_into().ok()?)).ok()?;
    let data = &package[8..];
    let mut opened = match (info.get(..2)?, info.get(2..4)?) {
        ([4, 0], [4, 0]) => agile(info.get(8..)?, data)?,
        ([2..=4, 0], [2, 0]) => standard(info.get(8..)?, data)?,
        _ => return None,
    };
    opened.truncate(size);
    Some(opened)
}

/// A hash function.
#[derive(Clone, Copy, Debug, Default)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    #[default]
    Sha512,
}

impl Hash {
    fn of_name(name: &str) -> Option<Self> {
        match name {
            "SHA1" | "SHA-1" => Some(Self::Sha1),
            "SHA256" | "SHA-256" => Some(Self::Sha256),
            "SHA384" | "SHA-384" => Some(Self::Sha384),
            "SHA512" | "SHA-512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn of(self, parts: [&[u8]; 2]) -> Vec<u8> {
        fn hash<D: Digest>(parts: [&[u8]; 2]) -> Vec<u8> {
            D::new().chain_update(parts[0]).chain_update(parts[1]).finalize().to_vec()
        }
        match self {
            Self::Sha1 => hash::<Sha1>(parts),
            Self::Sha256 => hash::<Sha256>(parts),
            Self::Sha384 => hash::<Sha384>(parts),
            Self::Sha512 => hash::<Sha512>(parts),
        }
    }

    /// The password with salt, hashed over and over.
    fn rounds(self, salt: &[u8], count: u32) -> Option<Vec<u8>> {
        if count > MOST_ROUNDS {
            return None;
        }
        let password: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut hash = self.of([salt, &password]);
        for round in 0..count {
            hash = self.of([&round.to_le_bytes(), &hash]);
        }
        Some(hash)
    }
}

/// What a block is mixed with: the one before, or nothing.
#[derive(Clone, Copy, Debug)]
enum Chain<'k> {
    From(&'k [u8]),
    None,
}

fn decrypt(key: &[u8], chain: Chain<'_>, data: &[u8]) -> Option<Vec<u8>> {
    match key.len() {
        16 => decrypt_with(&Aes128::new_from_slice(key).ok()?, chain, data),
        24 => decrypt_with(&Aes192::new_from_slice(key).ok()?, chain, data),
        32 => decrypt_with(&Aes256::new_from_slice(key).ok()?, chain, data),
        _ => None,
    }
}

fn decrypt_with<C>(cipher: &C, chain: Chain<'_>, data: &[u8]) -> Option<Vec<u8>>
where
    C: BlockCipherDecrypt + aes::cipher::BlockSizeUser<BlockSize = aes::cipher::consts::U16>,
{
    let mut last: Option<[u8; BLOCK]> = match chain {
        Chain::From(start) => Some(sized(start, BLOCK).try_into().ok()?),
        Chain::None => None,
    };
    let mut plain = Vec::with_capacity(data.len());
    for encrypted in data.chunks_exact(BLOCK) {
        let encrypted: [u8; BLOCK] = encrypted.try_into().ok()?;
        let mut block = Block::from(encrypted);
        cipher.decrypt_block(&mut block);
        if let Some(last) = &mut last {
            block.iter_mut().zip(*last).for_each(|(byte, before)| *byte ^= before);
            *last = encrypted;
        }
        plain.extend_from_slice(&block);
    }
    Some(plain)
}

/// Bytes cut or filled up to a length.
fn sized(bytes: &[u8], len: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(len, 0x36);
    bytes
}

/// How something is encrypted since Office 2010.
#[derive(Debug, Default)]
struct Way {
    salt: Vec<u8>,
    hash: Hash,
    key_len: usize,
    rounds: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

/// How the package is, and how its key.
#[derive(Debug, Default)]
struct Ways {
    package: Option<Way>,
    key: Option<Way>,
}

impl Visit for Ways {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Enter {
        let bytes = |name: &str| {
            tag.get(name)
                .and_then(|text| BASE64_STANDARD.decode(text.trim()).ok())
                .unwrap_or_default()
        };
        let is_known = tag.get("cipherChaining").is_some_and(|way| way == "ChainingModeCBC");
        let hash = tag.get("hashAlgorithm").and_then(|name| Hash::of_name(&name));
        if let ("keyData" | "encryptedKey", Some(hash), true) = (name, hash, is_known) {
            let way = Way {
                salt: bytes("saltValue"),
                hash,
                key_len: tag.number("keyBits").unwrap_or(0) as usize / 8,
                rounds: tag.number("spinCount").unwrap_or(0),
                verifier: bytes("encryptedVerifierHashInput"),
                verifier_hash: bytes("encryptedVerifierHashValue"),
                key: bytes("encryptedKeyValue"),
            };
            *(if name == "keyData" { &mut self.package } else { &mut self.key }) = Some(way);
        }
        Enter::Children
    }
    fn close(&mut self, _: &str) {}
    fn text(&mut self, _: &str) {}
}

/// Opens what Office 2010 and later encrypt.
fn agile(info: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut ways = Ways::default();
    xml::walk(&xml::decode(info), &mut ways);
    let (package, way) = (ways.package?, ways.key?);
    let rounds = way.hash.rounds(&way.salt, way.rounds)?;
    let open = |purpose: &[u8], data: &[u8]| {
        let key = sized(&way.hash.of([&rounds, purpose]), way.key_len);
        decrypt(&key, Chain::From(&way.salt), data)
    };
    let verifier = open(&FOR_VERIFIER, &way.verifier)?;
    let expected = open(&FOR_HASH, &way.verifier_hash)?;
    let hash = way.hash.of([&verifier, &[]]);
    if hash.is_empty() || !expected.starts_with(&hash) {
        return None;
    }
    let key = open(&FOR_KEY, &way.key)?;
    let key = key.get(..package.key_len)?;
    let mut opened = Vec::with_capacity(data.len());
    for (number, segment) in (0u32..).zip(data.chunks(SEGMENT)) {
        let start = package.hash.of([&package.salt, &number.to_le_bytes()]);
        opened.extend(decrypt(key, Chain::From(&start), segment)?);
    }
    Some(opened)
}

/// Opens what Office 2007 encrypts: its head, then salt, verifier and the verifier's hash.
fn standard(info: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    const ROUNDS: u32 = 50_000;
    let number = |bytes: &[u8], at: usize| -> Option<usize> {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let head_len = number(info, 0)?;
    let head = info.get(4..)?.get(..head_len)?;
    let key_len = number(head, 16)? / 8;
    let verifier = info.get(4 + head_len..)?;
    let salt = verifier.get(4..20)?;
    let hash = Hash::Sha1;
    let rounds = hash.rounds(salt, ROUNDS)?;
    let last = hash.of([&rounds, &0u32.to_le_bytes()]);
    let derive = |with: u8| {
        let mut mixed = [with; 64];
        mixed.iter_mut().zip(&last).for_each(|(byte, own)| *byte ^= own);
        hash.of([&mixed, &[]])
    };
    let mut key = derive(0x36);
    key.extend(derive(0x5C));
    let key = key.get(..key_len)?;
    let expected = decrypt(key, Chain::None, verifier.get(40..72)?)?;
    let input = decrypt(key, Chain::None, verifier.get(20..36)?)?;
    expected.starts_with(&hash.of([&input, &[]])).then(|| decrypt(key, Chain::None, data))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use aes::cipher::BlockCipherEncrypt;

    fn encrypt(key: &[u8], start: &[u8], data: &[u8]) -> Vec<u8> {
        let cipher = Aes128::new_from_slice(key).expect("16 bytes");
        let mut last = sized(start, BLOCK);
        let mut encrypted = Vec::new();
        for plain in data.chunks(BLOCK) {
            let mut block = sized(plain, BLOCK);
            block.iter_mut().zip(&last).for_each(|(byte, before)| *byte ^= before);
            let bytes: [u8; BLOCK] = block.try_into().expect("16 bytes");
            let mut block = Block::from(bytes);
            cipher.encrypt_block(&mut block);
            last = block.to_vec();
            encrypted.extend_from_slice(&block);
        }
        encrypted
    }

    /// The description of a package with this salt and hash, and the package.
    fn locked(rounds: u32, verifier_hash: &dyn Fn(&[u8]) -> Vec<u8>) -> (String, Vec<u8>) {
        let (salt, key, verifier) = ([7; 16], [9; 16], [5; 16]);
        let hash = Hash::Sha256;
        let hashed = hash.rounds(&salt, rounds).expect("few rounds");
        let lock = |purpose: &[u8], data: &[u8]| {
            let own = sized(&hash.of([&hashed, purpose]), 16);
            BASE64_STANDARD.encode(encrypt(&own, &salt, data))
        };
        let way = format!(
            r#"hashAlgorithm="SHA256" cipherChaining="ChainingModeCBC" keyBits="128" saltValue="{}""#,
            BASE64_STANDARD.encode(salt)
        );
        let info = format!(
            r#"<encryption><keyData {way}/><encryptedKey {way} spinCount="{rounds}" encryptedVerifierHashInput="{}"
            encryptedVerifierHashValue="{}" encryptedKeyValue="{}"/></encryption>"#,
            lock(&FOR_VERIFIER, &verifier),
            lock(&FOR_HASH, &verifier_hash(&verifier)),
            lock(&FOR_KEY, &key)
        );
        let start = hash.of([&salt, &0u32.to_le_bytes()]);
        (info, encrypt(&key, &start, b"the package"))
    }

    #[test]
    fn ok_a_package_with_the_password_of_all_readers() {
        let (info, data) = locked(100, &|verifier| Hash::Sha256.of([verifier, &[]]));
        let opened = agile(info.as_bytes(), &data).expect("it has this password");
        assert!(opened.starts_with(b"the package"));
    }

    #[test]
    fn err_another_password_or_too_many_rounds() {
        let (info, data) = locked(100, &|_| vec![1; 32]);
        assert_eq!(agile(info.as_bytes(), &data), None);
        let info = info.replace("spinCount=\"100\"", "spinCount=\"4000000000\"");
        assert_eq!(agile(info.as_bytes(), &data), None);
        assert_eq!(open(b"no file"), None);
    }
}
