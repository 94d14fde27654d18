# Finds a JDK for the commands of this repository; sourced by them.

java_version() { # of the JDK in a directory: its major version, or nothing if there is no JDK
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release"
}

jdk() { # the directory of JAVA_HOME's JDK if that is new enough, else of the newest one that can be found, or nothing
    local needed=$1 home version best='' best_version=$(($1 - 1))
    version=$(java_version "${JAVA_HOME:-}")
    if [ "${version:-0}" -ge "$needed" ]; then
        echo "$JAVA_HOME"
        return
    fi
    while IFS= read -r home; do
        version=$(java_version "$home")
        if [ "${version:-0}" -gt "$best_version" ]; then
            best=$home
            best_version=$version
        fi
    done < <(
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p' || true
        printf '%s\n' /usr/lib/jvm/* /usr/local/openjdk-* /opt/* /opt/*/* \
            ~/.sdkman/candidates/java/* ~/.jdks/* ~/.gradle/jdks/* ~/.asdf/installs/java/* \
            {~,}/Library/Java/JavaVirtualMachines/*/Contents/Home \
            /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home
        /usr/libexec/java_home 2>/dev/null || true
    )
    echo "$best"
}

no_jdk() { # the sentence for whoever has none
    echo "a JDK $1 or newer is needed and none was found: install one, for instance from https://adoptium.net, or set JAVA_HOME to it"
}

quiet_maven() { # options that keep JDK 24 and newer from complaining about what Maven's own libraries do
    [ "$(java_version "$JAVA_HOME")" -lt 24 ] ||
        echo '--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow'
}
