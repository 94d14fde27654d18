package io.github.postern.verify.herd;

/** The command line: the number of clients. Prints what came of it; fails if one of them is not back. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.out.println("herd: CLIENTS");
            System.exit(2);
        }
        System.out.println(new Herd(Integer.parseInt(args[0])).run());
        System.exit(0);
    }
}
