//! File systems that several machines share: locks and shared memory do not reach across machines, so that two drivers
//! could work on one build, and two databases could be written at once.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// File systems that are told by their number alone, from `statfs(2)` and the headers of the kernel.
const NETWORK: [(u32, &str); 14] = [
    (0x0000_6969, "NFS"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x0000_517b, "SMB"),
    (0x0102_1997, "9P"),
    (0x00c3_6400, "Ceph"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x0bd0_0bd0, "Lustre"),
    (0x0116_1970, "GFS2"),
    (0x7461_636f, "OCFS2"),
    (0x4750_4653, "GPFS"),
    (0x1983_0326, "BeeGFS"),
];

/// File systems in user space; which one, only the table of mounts tells.
const FUSE: u32 = 0x6573_5546;

/// Network file systems in user space, as they name themselves behind `fuse.`.
const NETWORK_FUSE: [&str; 9] =
    ["sshfs", "s3fs", "glusterfs", "rclone", "davfs", "ceph", "ceph-fuse", "moosefs", "curlftpfs"];

/// The name of the network file system with this number; none for a local one. `mounts` is the content of
/// `/proc/self/mountinfo`, `device` the device number of the folder as major and minor.
pub(crate) fn network(magic: u32, device: (u32, u32), mounts: impl FnOnce() -> Vec<u8>) -> Option<String> {
    if magic == FUSE {
        let kind = mount_type(&mounts(), device)?;
        let name = kind.strip_prefix("fuse.")?.to_owned();
        return NETWORK_FUSE.contains(&name.as_str()).then_some(name);
    }
    NETWORK.iter().find(|(number, _)| *number == magic).map(|(_, name)| (*name).to_owned())
}

/// The type of the file system on a device: the field behind the lone dash, see `proc_pid_mountinfo(5)`.
fn mount_type(mounts: &[u8], device: (u32, u32)) -> Option<String> {
    let wanted = format!("{}:{}", device.0, device.1);
    mounts.split(|byte| *byte == b'\n').find_map(|line| {
        let mut fields = line.split(|byte| *byte == b' ');
        if fields.nth(2)? != wanted.as_bytes() {
            return None;
        }
        let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
        OsStr::from_bytes(kind).to_str().map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &[u8] = b"27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
        40 27 0:50 / /home/ann/far rw,nosuid shared:5 - fuse.sshfs ann@far:/ rw,user_id=1000\n\
        41 27 0:51 / /var/lib/c rw - fuse.fuse-overlayfs fuse-overlayfs rw\n\
        42 27 0:52 / /mnt/d rw - fuseblk /dev/sdb1 rw\n";

    fn of(magic: u32, minor: u32) -> Option<String> {
        network(magic, (0, minor), || MOUNTS.to_vec())
    }

    #[test]
    fn network_file_systems_are_told_from_local_ones() {
        assert_eq!(of(0x6969, 1).as_deref(), Some("NFS"));
        assert_eq!(of(0xff53_4d42, 1).as_deref(), Some("CIFS"));
        for (local, magic) in [("ext4", 0xef53), ("tmpfs", 0x0102_1994), ("overlay", 0x794c_7630), ("xfs", 0x5846_5342)]
        {
            assert_eq!(of(magic, 1), None, "{local}");
        }
    }

    #[test]
    fn file_systems_in_user_space_are_refused_by_their_kind() {
        assert_eq!(of(FUSE, 50).as_deref(), Some("sshfs"));
        assert_eq!(of(FUSE, 51), None);
        assert_eq!(of(FUSE, 52), None);
        assert_eq!(of(FUSE, 99), None);
    }
}
