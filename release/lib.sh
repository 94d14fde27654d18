# What the commands beside it share; sourced by them.

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
maven=(mvn --batch-mode --no-transfer-progress)

# Outside of the tree: what is to be published is built from nothing, and the tree's own target folders stay as they are.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { # sentence
    echo "$(basename "$0"): $1" >&2
    exit 1
}

quietly() { # command: what it says is shown only if it fails
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        return 1
    }
}

tool() { # program of this folder's module, its two arguments; ends as the program does
    (cd "$root" && "${maven[@]}" -q -pl release -Dquickly -Dtool="$1" -Dtool.first="$2" -Dtool.second="$3" process-classes)
}

# The tree as it is now, without what builds have left in it, but as a release: its version is no snapshot.
copy_tree() { # into this directory
    mkdir -p "$1"
    tar -C "$root" --exclude=.git --exclude=target -c -f - . | tar -C "$1" -x -m --no-same-permissions -f -
    sed -i.bak 's|-SNAPSHOT</version>|</version>|' "$1"/pom.xml "$1"/*/pom.xml
}

# What "mvn -Prelease deploy" would upload, in the layout of a repository. Nothing is installed, since the user's own
# repository is not to hold a version that was never released.
bundle() { # directory of a copy, FOLDER, options for Maven
    local copy=$1 folder=$2 modules staged
    shift 2
    modules=$(cd "$copy" && grep -l '<skipPublishing>false<' */pom.xml | xargs -n 1 dirname | paste -s -d , -)
    (cd "$copy" && quietly "${maven[@]}" -Prelease -pl "$modules" -Dquickly -Dmaven.install.skip -DskipUpload "$@" deploy) ||
        fail "the build failed"
    staged=$(find "$copy" -type d -path '*/target/central-staging')
    [ -d "$staged" ] || fail "the build has not left one target/central-staging, but these: $staged"
    mkdir -p "$folder"
    cp -R "$staged/." "$folder"
}
