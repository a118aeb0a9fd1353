//! The system's GSSAPI library, loaded when it is needed and never before.
//!
//! Only what a login needs is declared here, after RFC 2744, whose binary interface all implementations share.

use super::negotiate::NegotiateError;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::PathBuf;
use std::ptr::{null, null_mut};

/// Names of the library: of MIT Kerberos, then of Heimdal.
const NAMES: [&CStr; 2] = [c"libgssapi_krb5.so.2", c"libgssapi.so.3"];

#[repr(C)]
struct Oid {
    length: u32,
    elements: *const c_void,
}

#[repr(C)]
struct Buffer {
    length: usize,
    value: *mut c_void,
}

type Name = *mut c_void;
type Context = *mut c_void;
type Credentials = *mut c_void;

/// Where credentials come from: an extension of MIT Kerberos that Heimdal has too.
#[repr(C)]
struct Store {
    count: u32,
    elements: *const StoreElement,
}

#[repr(C)]
struct StoreElement {
    key: *const c_char,
    value: *const c_char,
}

/// Whose ticket is used.
#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    /// A file with keys, instead of the tickets there are.
    pub(super) keytab: Option<PathBuf>,
    /// The principal, instead of the usual one.
    pub(super) principal: Option<String>,
}

type ImportName = unsafe extern "C" fn(*mut u32, *const Buffer, *const Oid, *mut Name) -> u32;
type InitSecContext = unsafe extern "C" fn(
    *mut u32,
    *const c_void,
    *mut Context,
    Name,
    *const Oid,
    u32,
    u32,
    *const c_void,
    *const Buffer,
    *mut *const Oid,
    *mut Buffer,
    *mut u32,
    *mut u32,
) -> u32;
type DisplayStatus = unsafe extern "C" fn(*mut u32, u32, c_int, *const Oid, *mut u32, *mut Buffer) -> u32;
type ReleaseBuffer = unsafe extern "C" fn(*mut u32, *mut Buffer) -> u32;
type ReleaseName = unsafe extern "C" fn(*mut u32, *mut Name) -> u32;
type AcquireCredFrom = unsafe extern "C" fn(
    *mut u32,
    Name,
    u32,
    *const c_void,
    c_int,
    *const Store,
    *mut Credentials,
    *mut *const c_void,
    *mut u32,
) -> u32;
type ReleaseCred = unsafe extern "C" fn(*mut u32, *mut Credentials) -> u32;
type DeleteSecContext = unsafe extern "C" fn(*mut u32, *mut Context, *mut Buffer) -> u32;

/// The functions of the library. It stays loaded: its threads and its memory may outlive us.
#[derive(Clone, Copy)]
pub(super) struct Library {
    import_name: ImportName,
    init_sec_context: InitSecContext,
    display_status: DisplayStatus,
    release_buffer: ReleaseBuffer,
    release_name: ReleaseName,
    acquire_cred_from: AcquireCredFrom,
    release_cred: ReleaseCred,
    delete_sec_context: DeleteSecContext,
}

/// Object identifier of names of the form `service@host`: 1.2.840.113554.1.2.1.4.
const HOSTBASED_SERVICE: [u8; 10] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x04];
/// Object identifier of SPNEGO, which HTTP's `Negotiate` is: 1.3.6.1.5.5.2.
const SPNEGO: [u8; 6] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x02];

/// A purpose of credentials: to prove who we are.
const INITIATE: c_int = 1;
const MUTUAL: u32 = 2;
const CONTINUE: u32 = 1;
/// The error number of a routine stands in these bits.
const ROUTINE: u32 = 0xff << 16;
const NO_CREDENTIALS: u32 = 7 << 16;
const CREDENTIALS_EXPIRED: u32 = 11 << 16;

impl Library {
    /// Loads the library.
    pub(super) fn load() -> Result<Self, NegotiateError> {
        let mut said = String::new();
        for name in NAMES {
            // SAFETY: the name ends with a zero byte. Loading runs the library's own initialisation, which for the two
            // libraries named here does nothing that other threads could notice.
            let handle = unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL) };
            if !handle.is_null() {
                // SAFETY: the handle is of a library with the interface of RFC 2744.
                return unsafe { Self::of(handle) };
            }
            if said.is_empty() {
                said = last_error();
            }
        }
        Err(NegotiateError::NoLibrary { tried: NAMES[0].to_str().unwrap_or_default().to_owned(), detail: said })
    }

    /// # Safety
    /// The handle must be of a loaded library whose functions of these names have the types of RFC 2744.
    unsafe fn of(handle: *mut c_void) -> Result<Self, NegotiateError> {
        let find = |name: &CStr| {
            // SAFETY: the handle is loaded and the name ends with a zero byte.
            let found = unsafe { libc::dlsym(handle, name.as_ptr()) };
            if found.is_null() {
                let tried = name.to_str().unwrap_or_default().to_owned();
                return Err(NegotiateError::NoLibrary { tried, detail: last_error() });
            }
            Ok(found)
        };
        // SAFETY: by the caller's promise each symbol is a function of the type it is turned into.
        unsafe {
            Ok(Self {
                import_name: std::mem::transmute::<*mut c_void, ImportName>(find(c"gss_import_name")?),
                init_sec_context: std::mem::transmute::<*mut c_void, InitSecContext>(find(c"gss_init_sec_context")?),
                display_status: std::mem::transmute::<*mut c_void, DisplayStatus>(find(c"gss_display_status")?),
                release_buffer: std::mem::transmute::<*mut c_void, ReleaseBuffer>(find(c"gss_release_buffer")?),
                release_name: std::mem::transmute::<*mut c_void, ReleaseName>(find(c"gss_release_name")?),
                acquire_cred_from: std::mem::transmute::<*mut c_void, AcquireCredFrom>(find(c"gss_acquire_cred_from")?),
                release_cred: std::mem::transmute::<*mut c_void, ReleaseCred>(find(c"gss_release_cred")?),
                delete_sec_context: std::mem::transmute::<*mut c_void, DeleteSecContext>(find(
                    c"gss_delete_sec_context",
                )?),
            })
        }
    }

    /// What a status means, in the library's words.
    fn words(&self, major: u32, minor: u32) -> String {
        let mut texts = Vec::new();
        for (status, kind) in [(major, 1), (minor, 2)] {
            let mut more = 0;
            for _ in 0..4 {
                let mut ignored = 0;
                let mut text = Buffer { length: 0, value: null_mut() };
                // SAFETY: all pointers are to variables that live through the call; no mechanism is named.
                let result = unsafe {
                    (self.display_status)(&raw mut ignored, status, kind, null(), &raw mut more, &raw mut text)
                };
                if result & !ROUTINE & !0xffff != 0 || text.value.is_null() {
                    break;
                }
                let bytes = self.take(text);
                if let Ok(text) = String::from_utf8(bytes)
                    && !text.is_empty()
                    && !texts.contains(&text)
                {
                    texts.push(text);
                }
                if more == 0 {
                    break;
                }
            }
        }
        texts.join(": ")
    }

    /// Copies what the library gave and gives it back.
    fn take(&self, mut buffer: Buffer) -> Vec<u8> {
        let bytes = if buffer.value.is_null() {
            Vec::new()
        } else {
            // SAFETY: the library filled the buffer with this many bytes.
            unsafe { std::slice::from_raw_parts(buffer.value.cast::<u8>(), buffer.length) }.to_vec()
        };
        let mut ignored = 0;
        // SAFETY: the buffer is the library's and is not used after this.
        unsafe { (self.release_buffer)(&raw mut ignored, &raw mut buffer) };
        bytes
    }

    fn failed(&self, major: u32, minor: u32) -> NegotiateError {
        let detail = self.words(major, minor);
        let missing = ["No credentials", "No Kerberos credentials", "credentials cache"];
        match major & ROUTINE {
            CREDENTIALS_EXPIRED => NegotiateError::Expired { detail },
            NO_CREDENTIALS => NegotiateError::NoTicket { detail },
            _ if detail.contains("expired") => NegotiateError::Expired { detail },
            _ if missing.iter().any(|words| detail.contains(words)) => NegotiateError::NoTicket { detail },
            _ => NegotiateError::Failed { detail },
        }
    }
}

fn last_error() -> String {
    // SAFETY: the text is this thread's and is copied before anything else is loaded.
    let text = unsafe { libc::dlerror() };
    if text.is_null() {
        return "no reason given".to_owned();
    }
    // SAFETY: it is not null and ends with a zero byte.
    let text = unsafe { CStr::from_ptr(text.cast::<c_char>()) };
    text.to_str().unwrap_or("no reason given").to_owned()
}

/// One exchange of tokens with a server.
pub(super) struct Exchange {
    library: Library,
    name: Name,
    credentials: Credentials,
    context: Context,
}

// SAFETY: name, credentials and context belong to this value alone, and the library allows their use from any one thread at
// a time.
unsafe impl Send for Exchange {}

fn text(text: impl Into<Vec<u8>>) -> Result<CString, NegotiateError> {
    CString::new(text).map_err(|_| NegotiateError::Failed { detail: "a name with a zero byte".to_owned() })
}

impl Library {
    fn import(&self, name: &CStr, kind: Option<&Oid>) -> Result<Name, NegotiateError> {
        let buffer = Buffer { length: name.to_bytes().len(), value: name.as_ptr().cast_mut().cast() };
        let (mut minor, mut imported) = (0, null_mut());
        let kind = kind.map_or(null(), |kind| &raw const *kind);
        // SAFETY: all pointers are to values that live through the call, and the library copies what it keeps.
        let major = unsafe { (self.import_name)(&raw mut minor, &raw const buffer, kind, &raw mut imported) };
        if major & ROUTINE != 0 { Err(self.failed(major, minor)) } else { Ok(imported) }
    }
}

impl Exchange {
    /// Begins with the web server of this host.
    pub(super) fn new(library: Library, host: &str, source: &Source) -> Result<Self, NegotiateError> {
        let kind = Oid { length: 10, elements: HOSTBASED_SERVICE.as_ptr().cast() };
        let name = library.import(&text(format!("HTTP@{host}"))?, Some(&kind))?;
        // From here on dropping gives everything back.
        let mut exchange = Self { library, name, credentials: null_mut(), context: null_mut() };
        if source.keytab.is_some() || source.principal.is_some() {
            exchange.acquire(source)?;
        }
        Ok(exchange)
    }

    /// Gets the credentials of another source than the usual one.
    fn acquire(&mut self, source: &Source) -> Result<(), NegotiateError> {
        let principal = source.principal.as_deref().map(text).transpose()?;
        let mut name = principal.map_or(Ok(null_mut()), |principal| self.library.import(&principal, None))?;
        let keytab = source.keytab.as_ref().map(|file| text(file.as_os_str().as_encoded_bytes())).transpose()?;
        let elements = keytab.as_ref().map(|file| {
            [
                StoreElement { key: c"client_keytab".as_ptr(), value: file.as_ptr() },
                // A cache of its own: the user's tickets are left alone.
                StoreElement { key: c"ccache".as_ptr(), value: c"MEMORY:mbs-koji".as_ptr() },
            ]
        });
        let store = elements.as_ref().map(|elements| Store { count: 2, elements: elements.as_ptr() });
        let (mut minor, mut ignored) = (0, 0);
        // SAFETY: all pointers are to values that live through the call or are null where the interface allows it: any
        // lifetime, all mechanisms, the usual store.
        let major = unsafe {
            (self.library.acquire_cred_from)(
                &raw mut minor,
                name,
                0,
                null(),
                INITIATE,
                store.as_ref().map_or(null(), |store| &raw const *store),
                &raw mut self.credentials,
                null_mut(),
                null_mut(),
            )
        };
        let failed = (major & ROUTINE != 0).then(|| self.library.failed(major, minor));
        // SAFETY: the name is the library's or null, and is not used after this.
        unsafe { (self.library.release_name)(&raw mut ignored, &raw mut name) };
        failed.map_or(Ok(()), Err)
    }

    /// The next token for the server.
    pub(super) fn step(&mut self, token: Option<&[u8]>) -> Result<Vec<u8>, NegotiateError> {
        let token = token.unwrap_or_default();
        let input = Buffer { length: token.len(), value: token.as_ptr().cast_mut().cast() };
        let mechanism = Oid { length: 6, elements: SPNEGO.as_ptr().cast() };
        let mut output = Buffer { length: 0, value: null_mut() };
        let mut minor = 0;
        // SAFETY: name and context are the library's own or null; all other pointers are to values that live through the
        // call or are null where RFC 2744 allows it. The mechanism is not kept beyond the call.
        let major = unsafe {
            (self.library.init_sec_context)(
                &raw mut minor,
                self.credentials.cast_const(),
                &raw mut self.context,
                self.name,
                &raw const mechanism,
                MUTUAL,
                0,
                null(),
                if token.is_empty() { null() } else { &raw const input },
                null_mut(),
                &raw mut output,
                null_mut(),
                null_mut(),
            )
        };
        let ours = self.library.take(output);
        if major & ROUTINE != 0 || major & !CONTINUE & !ROUTINE & 0xff00_0000 != 0 {
            return Err(self.library.failed(major, minor));
        }
        Ok(ours)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let mut ignored = 0;
        // SAFETY: all are the library's or null, and are not used after this.
        unsafe {
            (self.library.delete_sec_context)(&raw mut ignored, &raw mut self.context, null_mut());
            (self.library.release_name)(&raw mut ignored, &raw mut self.name);
            if !self.credentials.is_null() {
                (self.library.release_cred)(&raw mut ignored, &raw mut self.credentials);
            }
        }
    }
}
