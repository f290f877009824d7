/**
 * Passwords of the roles and users that `npm start` creates on private servers: SHOP_PASSWORD_<USER>, or a marked
 * development default that services refuse in production.
 */
export function passwordOf(user: string): string {
  const name = `SHOP_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`
  return process.env[name] || `development-only-${user}`
}
