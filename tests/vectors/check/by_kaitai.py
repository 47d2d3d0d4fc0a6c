"""What the code finds that Kaitai Struct's compiler makes of nbns.ksy: our own description, so that it must agree but for what no description can say."""
import atexit
import json
import os
import shutil
import subprocess
import tempfile

NEEDS = "node with npm and its package kaitai-struct-compiler"
VERSION = "0.11.0"
modules = None


def version():
    global modules
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    modules = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, modules, ignore_errors=True)
    install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", modules, f"kaitai-struct-compiler@{VERSION}", f"kaitai-struct@{VERSION}", "js-yaml@4.1.0"]
    return VERSION if subprocess.run(install, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0 else None


def read(vectors, folder):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kaitai.js")
    printed = subprocess.run(["node", script, modules, folder], capture_output=True, text=True, check=True).stdout
    return [tuple(json.loads(line)) for line in printed.splitlines()]


def expects(wanted):
    return wanted
