#!/bin/sh
# Turns a folder of plain files into git repositories that a module can be built from.
#
#   make-repos.sh FIXTURE DEST
#
# FIXTURE holds
#   NAME.yaml                       a modulemd; `@REPOS@` in it stands for file://DEST
#   components/PACKAGE/             the files of one component's repository, where
#     src/                          becomes PACKAGE-VERSION.tar.gz, with the version of the spec
#     lookaside/FORM/TOP/           becomes TOP.tar.gz in the look-aside cache, not in git; FORM says how it is listed:
#       sha512                      in `sources`, as `SHA512 (FILE) = HASH`
#       md5                         in `sources`, as `HASH  FILE`
#       metadata                    in `.PACKAGE.metadata`, as `HASH FILE` (SHA-1)
#       corrupt                     as sha512, but the cache holds other bytes under that hash
#   branches/BRANCH/PACKAGE/        what differs on a branch of that component; a file replaces its namesake, a
#                                   lookaside folder replaces the whole one
#
# DEST gets rpms/PACKAGE, modules/NAME and cache/PACKAGE. On a branch of a module, those components have `ref: BRANCH`
# that are different there. Dates, identities and archives are fixed: the same input gives the same commits.
# Standard output: one line `NAME URL?#COMMIT` for each repository, `NAME@BRANCH URL?#COMMIT` for each branch.
#
# Needs git, GNU tar, gzip, sed and the GNU core utilities; no special rights.
set -eu
umask 022
export LC_ALL=C

if [ $# -ne 2 ] || [ ! -d "$1/components" ]; then
    echo "usage: $0 FIXTURE DEST (FIXTURE has a folder components)" >&2
    exit 2
fi
fixture=$(cd "$1" && pwd)
mkdir -p "$2"
dest=$(cd "$2" && pwd)
for taken in rpms modules cache; do
    if [ -e "$dest/$taken" ]; then
        echo "$0: $dest/$taken exists; remove it or name another folder" >&2
        exit 1
    fi
done

# A caller's git settings and repository must not leak in.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME="Fixture Packager" GIT_AUTHOR_EMAIL="packager@example.invalid"
export GIT_COMMITTER_NAME="$GIT_AUTHOR_NAME" GIT_COMMITTER_EMAIL="$GIT_AUTHOR_EMAIL"

# Branches are later than main, so that a module built from one has another version.
at_noon() { export GIT_AUTHOR_DATE="2025-01-06T12:00:00+0000" GIT_COMMITTER_DATE="2025-01-06T12:00:00+0000"; }
at_one() { export GIT_AUTHOR_DATE="2025-01-06T13:00:00+0000" GIT_COMMITTER_DATE="2025-01-06T13:00:00+0000"; }

# archive FOLDER TOP FILE.tar.gz: the content of FOLDER below TOP/, the same bytes each time
archive() {
    tar -C "$1" --transform "s,^\.,$2,S" --format=ustar --sort=name --mtime=@1736164800 \
        --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -cf "${3%.gz}" .
    gzip -9nf "${3%.gz}"
}

hash_of() { "$1sum" "$2" | cut -d ' ' -f 1; }

# keep FILE PLACE: copies into the look-aside cache
keep() {
    mkdir -p "$(dirname "$2")"
    cp "$1" "$2"
}

# look_aside REPO PACKAGE: the tarballs below REPO/lookaside go to the cache, their names and hashes into git
look_aside() {
    cache="$dest/cache/$2"
    for folder in "$1"/lookaside/*/*/; do
        folder=${folder%/}
        form=$(basename "$(dirname "$folder")")
        file=$(basename "$folder").tar.gz
        mkdir -p "$cache"
        made="$cache/.$file"
        archive "$folder" "$(basename "$folder")" "$made"
        case $form in
        sha512)
            hash=$(hash_of sha512 "$made")
            keep "$made" "$cache/$file/sha512/$hash/$file"
            echo "SHA512 ($file) = $hash" >> "$1/sources"
            ;;
        md5)
            hash=$(hash_of md5 "$made")
            # Both the short place of old caches and the one with the algorithm.
            keep "$made" "$cache/$file/$hash/$file"
            keep "$made" "$cache/$file/md5/$hash/$file"
            echo "$hash  $file" >> "$1/sources"
            ;;
        metadata)
            hash=$(hash_of sha1 "$made")
            # The place by branch and hash, and the one with the algorithm.
            keep "$made" "$cache/main/$hash"
            keep "$made" "$cache/$file/sha1/$hash/$file"
            echo "$hash $file" >> "$1/.$2.metadata"
            ;;
        corrupt)
            echo "not what was uploaded" >> "$made"
            hash=$(hash_of sha512 "$made")
            archive "$folder" "$(basename "$folder")" "$made"
            keep "$made" "$cache/$file/sha512/$hash/$file"
            echo "SHA512 ($file) = $hash" >> "$1/sources"
            ;;
        *)
            echo "$0: $folder: no form $form" >&2
            exit 1
            ;;
        esac
        rm "$made"
    done
    rm -r "$1/lookaside"
}

# fill REPO PACKAGE FOLDER...: makes the work tree from the folders, later ones win
fill() {
    repo=$1
    package=$2
    shift 2
    find "$repo" -mindepth 1 -maxdepth 1 ! -name .git -exec rm -r {} +
    for folder; do
        if [ -d "$folder/lookaside" ]; then rm -rf "$repo/lookaside"; fi
        cp -R "$folder/." "$repo/"
        # A read-only source folder must not make a read-only copy.
        chmod -R u+w "$repo"
    done
    if [ -d "$repo/src" ]; then
        version=$(sed -n 's/^Version:[[:space:]]*//p' "$repo/$package.spec" | head -n 1)
        archive "$repo/src" "$package-$version" "$repo/$package-$version.tar.gz"
        rm -r "$repo/src"
    fi
    if [ -d "$repo/lookaside" ]; then look_aside "$repo" "$package"; fi
}

start() {
    mkdir -p "$1"
    git -C "$1" init -q --template= -b main
}

commit() {
    git -C "$1" add -A
    git -C "$1" commit -q -m "$2"
}

# report LABEL REPO: the line on standard output, for the commit that is checked out
report() { echo "$1 file://$2?#$(git -C "$2" rev-parse HEAD)"; }

for component in "$fixture"/components/*/; do
    component=${component%/}
    name=$(basename "$component")
    repo="$dest/rpms/$name"
    at_noon
    start "$repo"
    fill "$repo" "$name" "$component"
    commit "$repo" "Package $name"
    report "$name" "$repo"
    at_one
    for change in "$fixture"/branches/*/"$name"/; do
        [ -d "$change" ] || continue
        branch=$(basename "$(dirname "$change")")
        git -C "$repo" checkout -q -b "$branch" main
        fill "$repo" "$name" "$component" "${change%/}"
        commit "$repo" "Change $name on $branch"
        report "$name@$branch" "$repo"
        git -C "$repo" checkout -q main
    done
done

for modulemd in "$fixture"/*.yaml; do
    name=$(basename "$modulemd" .yaml)
    repo="$dest/modules/$name"
    at_noon
    start "$repo"
    sed "s|@REPOS@|file://$dest|g" "$modulemd" > "$repo/$name.yaml"
    commit "$repo" "Module $name"
    report "$name" "$repo"
    at_one
    for folder in "$fixture"/branches/*/; do
        [ -d "$folder" ] || continue
        branch=$(basename "$folder")
        git -C "$repo" checkout -q -b "$branch" main
        for change in "$folder"*/; do
            # A component's block lasts from its key to the next key as deep.
            changed=$(basename "$change")
            sed -i "/^      $changed:/,/^      [^ ]/ s/ref: main/ref: $branch/" "$repo/$name.yaml"
        done
        commit "$repo" "Module $name on $branch"
        report "$name@$branch" "$repo"
        git -C "$repo" checkout -q main
    done
done
